"""Response matrices: dense and sparse say the same, and what is wrong is named by row and column."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.sparse import csr_array

from item_bank.psychometrics.matrix import ResponseMatrix

NAN = float("nan")
scores = arrays(
    float, st.tuples(st.integers(1, 9), st.integers(1, 6)), elements=st.sampled_from([NAN, 0.0, 1.0, 2.0, 4.0])
)
some = settings(max_examples=40)


def sparse_of(table):
    """The same cells in long form, shuffled; nothing for an empty table."""
    rows, columns = np.nonzero(~np.isnan(table))
    order = np.random.default_rng(1).permutation(len(rows))
    rows, columns = rows[order], columns[order]
    return ResponseMatrix.from_long(rows, columns, table[rows, columns], table.shape)


@some
@given(scores)
def test_an_array_comes_back(table):
    matrix = ResponseMatrix.of(table)
    np.testing.assert_array_equal(matrix.to_array(), table)
    assert ResponseMatrix.of(matrix) is matrix
    assert not matrix.is_sparse


@some
@given(scores)
def test_sparse_says_the_same_as_dense(table):
    if np.isnan(table).all():
        return
    dense, sparse = ResponseMatrix.of(table), sparse_of(table)
    assert sparse.is_sparse
    np.testing.assert_array_equal(sparse.to_array(), table)
    for name in ("categories", "administered", "answered", "totals"):
        np.testing.assert_array_equal(getattr(sparse, name), getattr(dense, name), err_msg=name)
    columns = np.arange(table.shape[1])[::-1]
    np.testing.assert_array_equal(sparse.columns(columns).to_array(), table[:, columns])
    np.testing.assert_array_equal(
        sparse.indicators(np.full(table.shape[1], 5)).toarray(), dense.indicators(np.full(table.shape[1], 5))
    )
    for one, other in zip(sparse.patterns(), dense.patterns(), strict=True):
        left, right = (part.to_array() if isinstance(part, ResponseMatrix) else part for part in (one, other))
        np.testing.assert_array_equal(left, right)


@some
@given(scores, st.randoms())
def test_rows_are_taken_in_any_order(table, random):
    if np.isnan(table).all():
        return
    everyone = list(range(len(table)))
    chosen = random.choices(everyone, k=4)
    mask = np.array([random.random() < 0.5 for _ in everyone])
    for matrix in (ResponseMatrix.of(table), sparse_of(table)):
        for rows in (chosen, mask, slice(1, 4), slice(None, None, 2), slice(3, 1)):
            np.testing.assert_array_equal(matrix.rows(rows).to_array(), table[rows])
        blocks = list(matrix.blocks(2))
        np.testing.assert_array_equal(np.concatenate([part.to_array() for _, part in blocks]), table)
        assert [block.start for block, _ in blocks] == everyone[::2]


@some
@given(scores)
def test_indicators_mark_the_category_of_each_answer(table):
    categories = np.array([5] * table.shape[1])
    marks = ResponseMatrix.of(table).indicators(categories).reshape(*table.shape, 5)
    np.testing.assert_array_equal(marks.sum(axis=2), ~np.isnan(table))
    np.testing.assert_array_equal(np.where(marks.any(axis=2), marks.argmax(axis=2), np.nan), table)


@some
@given(scores)
def test_patterns_put_the_rows_together_again(table):
    unique, count, inverse = ResponseMatrix.of(table).patterns()
    np.testing.assert_array_equal(unique.to_array()[inverse], table)
    np.testing.assert_array_equal(count, np.bincount(inverse))
    assert len(np.unique(unique.to_array(), axis=0)) == len(count)


def test_minus_one_in_whole_numbers_is_not_administered():
    np.testing.assert_array_equal(ResponseMatrix.of(np.array([[0, -1], [1, 2]])).to_array(), [[0, NAN], [1, 2]])


class NAType:
    """Stands for pandas.NA, which is neither a number nor equal to anything."""

    def __float__(self):
        raise TypeError("not a number")


@pytest.mark.parametrize(
    "table",
    [
        [[1, None], [0, 2]],
        np.array([[1, NAType()], [0, 2]], dtype=object),
        np.ma.masked_array([[1, 1], [0, 2]], mask=[[False, True], [False, False]]),
        [["1", "nan"], ["0", "2"]],
    ],
)
def test_every_mark_for_missing_is_not_administered(table):
    np.testing.assert_array_equal(ResponseMatrix.of(table).to_array(), [[1, NAN], [0, 2]])


def test_patterns_of_thousands_of_items():
    scores = np.random.default_rng(2).integers(0, 2, (3, 5_000))
    unique, count, pattern = ResponseMatrix.of(scores[[0, 1, 1, 2]]).patterns()
    np.testing.assert_array_equal(unique.dense[pattern], scores[[0, 1, 1, 2]])
    assert sorted(count.tolist()) == [1, 1, 2]


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ([[0.0, 1.0], [0.5, 1.0]], "row 1, item 0: 0.5 is no whole score"),
        ([[0.0, np.inf]], "row 0, item 1: inf is no whole score"),
        ([[0.0, -1.0]], "row 0, item 1: -1.0 is no whole score"),
        (np.array([[0, 127]]), "row 0, item 1: 127 is no whole score"),
        (np.array([[0, -2]]), "row 0, item 1: -2 is no whole score"),
        ([0.0, 1.0], "responses must be"),
        (np.zeros((0, 3)), "responses must be"),
        (np.zeros((3, 0)), "responses must be"),
        ([[1, 0], [1]], "responses must be .n, k., but its rows differ in length"),
        ([["1", "0"], ["1", "A"]], "row 1, item 1: 'A' is no number"),
        ([["1", "0"], ["", "1"]], "row 1, item 0: '' is no number"),
        (np.array([[1, None], [{}, 0]], dtype=object), "row 1, item 0: '{}' is no number"),
        (np.ones((2, 2), dtype=complex), "responses must be numbers, not complex128"),
        (np.zeros((2, 2), dtype="M8[D]"), "responses must be numbers, not datetime64"),
        (csr_array(np.eye(3)), "make a sparse table with ResponseMatrix.from_long"),
    ],
)
def test_wrong_scores_are_named(table, sentence):
    with pytest.raises(ValueError, match=sentence):
        ResponseMatrix.of(table)


@pytest.mark.parametrize(
    ("long", "sentence"),
    [
        (([0, 1], [0], [1, 1]), "must be"),
        (([], [], []), "at least one entry"),
        (([0, 5], [0, 0], [1, 1]), r"entry 1 \(row 5, item 0\) lies outside"),
        (([0, 1], [0, -1], [1, 1]), r"entry 1 \(row 1, item -1\) lies outside"),
        (([0, 1], [0, 1], [1, 0.5]), r"entry 1 \(row 1, item 1\) has a wrong score"),
        (([0, 1], [0, 1], [1, NAN]), r"entry 1 \(row 1, item 1\) has a wrong score"),
        (([0, 1, 0], [1, 1, 1], [1, 1, 0]), "row 0, item 1 is given twice"),
        ((["ann", "bob"], [0, 1], [1, 0]), "entry 0 of person: 'ann' is no number"),
        (([0, 1], [0, NAN], [1, 0]), "entry 1 of item: nan is no row or column number"),
        (([0, 1], [0, 0.5], [1, 0]), "entry 1 of item: 0.5 is no row or column number"),
        (([0, 1], [0, 1], [1, None]), r"entry 1 \(row 1, item 1\) has a wrong score"),
        (([0, 1], [0, 1], ["1", "x"]), "entry 1 of score: 'x' is no number"),
    ],
)
def test_wrong_entries_are_named(long, sentence):
    with pytest.raises(ValueError, match=sentence):
        ResponseMatrix.from_long(*long, shape=(3, 2))


def test_whole_floats_are_row_and_column_numbers_too():
    long = ResponseMatrix.from_long([0.0, 1.0], [1.0, 0.0], [1, 2])
    np.testing.assert_array_equal(long.to_array(), [[NAN, 1], [2, NAN]])


def test_a_shape_is_read_off_the_entries():
    assert ResponseMatrix.from_long([2, 0], [1, 4], [1, 0]).shape == (3, 5)


@pytest.mark.parametrize("make", [ResponseMatrix.of, sparse_of])
def test_a_score_that_its_item_does_not_have_is_named(make):
    matrix = make(np.array([[0.0, 1.0], [1.0, 2.0]]))
    with pytest.raises(ValueError, match="row 1, item 1: score 2, but the item has 2 categories"):
        matrix.check_scores(np.array([2, 2]))
    with pytest.raises(ValueError, match="responses to 2 items, parameters of 3"):
        matrix.check_scores(np.array([2, 2, 2]))


def test_columns_that_nobody_was_given():
    matrix = sparse_of(np.array([[0.0, NAN], [1.0, NAN]]))
    np.testing.assert_array_equal(matrix.columns([1]).to_array(), [[NAN], [NAN]])
    np.testing.assert_array_equal(matrix.categories, [2, 0])


def test_dense_matrices_have_no_cells():
    with pytest.raises(ValueError, match="either dense scores or"):
        _ = ResponseMatrix.of([[1.0]]).cells


@pytest.mark.parametrize("columns", [3, 50])
def test_patterns_are_the_different_rows_in_order_with_their_persons(columns):
    # Short rows are told apart by one number each, long ones byte by byte.
    rng = np.random.default_rng(9)
    scores = rng.integers(-1, 3, (6, columns))[rng.integers(0, 6, 40)]
    unique, count, pattern = ResponseMatrix.of(scores).patterns()
    rows, expected = np.unique(scores, axis=0, return_counts=True)
    np.testing.assert_array_equal(unique.dense, rows)
    np.testing.assert_array_equal(count, expected)
    np.testing.assert_array_equal(unique.dense[pattern], scores)


def test_no_columns_are_a_matrix_without_items():
    assert ResponseMatrix.of([[0, 1], [1, 1]]).columns([]).shape == (2, 0)

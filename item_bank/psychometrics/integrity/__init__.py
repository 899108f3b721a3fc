"""Evidence about the security of a test: similar answers, copying, pre-knowledge, rapid guessing, misfit.

`similarities` and `copying` compare pairs under a response model, `wrong_answers` without one; `cohorts` searches
all pairs of thousands by the matrix `products`, with exact `tails`. `prior_knowledge`, `rapid_responses` and `misfit`
look at single persons. `agreement` checks the input, `evidence` pairs values with p-values.

Nothing here is a verdict. Every figure is a statistic with its p-value and an effect size under a model of honest
work; models are approximations, and there are honest reasons for unusual answers. People look, ask and decide.
"""

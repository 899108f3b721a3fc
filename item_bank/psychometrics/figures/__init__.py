"""Pictures of the figures: data for any plotting surface, and drawings for those who have matplotlib.

`plots` gives arrays and needs nothing but numpy: the web draws them itself. `drawing` draws them with matplotlib,
which is an extra (``pip install '.[figures]'``) and is imported only when a picture is drawn.
"""

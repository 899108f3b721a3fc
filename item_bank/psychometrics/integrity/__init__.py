"""Evidence about the security of a test: similar answers, copying, pre-knowledge, rapid guessing, misfit.

Nothing here is a verdict. Every figure is a statistic with its p-value and an effect size under a model of honest
work; models are approximations, and there are honest reasons for unusual answers. People look, ask and decide.
"""

"""Calibration: item parameters and populations from responses, by marginal maximum likelihood."""

from item_bank.psychometrics.calibration.calibrating import calibrate as calibrate
from item_bank.psychometrics.calibration.priors import Beta as Beta
from item_bank.psychometrics.calibration.priors import LogNormal as LogNormal
from item_bank.psychometrics.calibration.priors import Normal as Normal
from item_bank.psychometrics.calibration.priors import Priors as Priors
from item_bank.psychometrics.calibration.result import Calibration as Calibration
from item_bank.psychometrics.calibration.result import StandardErrors as StandardErrors

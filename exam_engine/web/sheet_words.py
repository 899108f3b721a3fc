"""The words that the exam page's scripts say, by the names they use (``static/js/lib/messages.js``)."""

from __future__ import annotations

from campus.i18n import gettext as _


def sheet_words() -> dict[str, str]:
    """All of them, in the language of the request."""
    return {**_general(), **_door(), **_checks(), **_items(), **_sheet(), **_ending()}


def _general() -> dict[str, str]:
    return {
        "close": _("Close"),
        "offline": _("There is no connection to the server."),
        "failed": _("This did not work. Please tell the invigilator."),
        "seconds": _("%(count)s s"),
        "minutes": _("%(count)s min"),
        "hours_minutes": _("%(hours)s h %(minutes)s min"),
    }


def _door() -> dict[str, str]:
    return {
        "enter": _("Enter the exam"),
        "enter_in": _("Try again in %(seconds)s s"),
        "number_is_missing": _("Type your candidate number first."),
        "code_is_short": _("The access code has 8 characters. Please look at your slip again."),
        "ticket_gone": _("Please enter your candidate number and access code again. Your answers are safe."),
        "then_not_open": _("Leave this page as it is: you will be let in by yourself."),
        "then_transfer_needed": _("As soon as that is done, this page goes on by itself."),
        "then_offline": _("This page tries again by itself."),
        "then_busy": _("This page tries again by itself."),
        "starts_in": _("The exam starts in"),
        "starts_any_moment": _("The exam starts any moment"),
        "waiting_offline": _("No connection just now. The start is not missed: this page keeps trying."),
        "waiting_closed": _("This sitting is closed. Please speak to the invigilator."),
        "waiting_opening": _("Opening the paper…"),
        "moved_kept": _("What was still on this machine (changes: %(count)s) has been handed to the exam board."),
        "moved_nothing": _("Nothing was left on this machine; all answers went along."),
    }


def _checks() -> dict[str, str]:
    return {
        "ready": _("READY"),
        "not_ready": _("NOT READY"),
        "check_socket": _("Direct line to the server: works"),
        "check_socket_bad": _(
            "Direct line to the server: blocked. Answers go the slower way; tell the invigilator if saving takes long."
        ),
        "check_storage": _("Storage in this browser: works"),
        "check_storage_bad": _(
            "Storage in this browser: blocked (a private window?). Please open this page in an ordinary window."
        ),
        "check_worker": _("Reload without network: works"),
        "check_worker_bad": _(
            "Reload without network: not possible here. Do not reload this page while the network is away."
        ),
        "check_clock": _("Clock of this machine: right"),
        "check_clock_bad": _("Clock of this machine: wrong. Only the server's clock counts; nothing to do."),
    }


def _items() -> dict[str, str]:
    return {
        "question": _("Question %(number)s"),
        "question_of": _("Question %(number)s/%(total)s"),
        "options": _("Options"),
        "rule_out": _("Rule out option %(letter)s"),
        "clear_choice": _("Clear the choice"),
        "clear_marks": _("Clear the marks"),
        "statements": _("Statements"),
        "statement": _("Statement"),
        "statement_is": _("Statement %(letter)s: %(truth)s"),
        "true": _("True"),
        "false": _("False"),
        "your_answer": _("Your answer"),
        "type_number": _("Type a number; a comma or a point will do."),
        "type_answer": _("Type the answer."),
        "understood": _("The system understands: %(meaning)s"),
        "not_a_number": _("This is not yet a whole number or decimal."),
        "places_used": _("%(used)s/4 characters used"),
        "too_long": _("The answer is too long."),
        "only_digits": _("Use only digits, a minus sign and a decimal comma."),
        "four_places": _("The answer sheet has 4 places."),
        "minus_first": _("The minus sign can only stand in the first place."),
        "comma_place": _("The comma can only stand in the second or third place; write 0,5 and not ,5."),
        "one_number": _("Write one number with at most one comma, and a digit before it."),
        "your_essay": _("Your text"),
        "words": _("Words: %(count)s"),
        "words_of": _("Words: %(count)s of at most %(most)s"),
        "note": _("Note"),
        "note_label": _("A note to yourself (not marked)"),
    }


def _sheet() -> dict[str, str]:
    return {
        "number": _("No. %(number)s"),
        "room": _("room %(room)s"),
        "machine": _("machine %(seat)s"),
        "form": _("form %(form)s"),
        "saved_at": _("Saved %(time)s"),
        "nothing_to_save": _("All saved"),
        "saving": _("Saving…"),
        "kept_here": _("On this machine — just go on (changes: %(count)s)"),
        "kept_in_page": _("In this page — go on and do not close it (changes: %(count)s)"),
        "clock_hidden": _("Clock hidden"),
        "show_clock": _("Show the clock"),
        "hide_clock": _("Hide the clock"),
        "time_left": _("%(time)s left."),
        "left": _("Not answered: %(count)s"),
        "none_left": _("Every question has an answer"),
        "map_unseen": _("not seen yet"),
        "map_seen": _("seen, not answered"),
        "map_answered": _("answered"),
        "map_partly": _("%(done)s of %(of)s answered"),
        "map_flagged": _("flagged"),
        "flag": _("Flag"),
        "unflag": _("Remove flag"),
        "raise_hand": _("Raise hand"),
        "lower_hand": _("Lower hand"),
        "hand_is_up": _("Your hand is up: the invigilator sees it."),
        "hand_is_down": _("Your hand is down."),
        "hand_not_seen": _("There is no line just now: please raise your real hand."),
        "announced": _("Announcement: %(text)s"),
        "read_only": _("This exam is open in another tab or window of this machine. Here you can only look."),
        "paused": _("The exam is paused. Your clock stands still."),
        "resumed": _("The exam goes on."),
        "mended": _(
            "Question %(number)s: the last change holds a character that cannot be stored. Please check this answer."
        ),
        "answered_of": _("%(answered)s of %(total)s questions answered"),
    }


def _ending() -> dict[str, str]:
    return {
        "sending_handed_in": _("Handing in…"),
        "sending_time_over": _("The time is over"),
        "sending_closed": _("The exam has been ended"),
        "sending_waiting": _("Answers on their way: %(count)s. Please keep this page open."),
        "sending_last": _("All answers have arrived. The receipt is being written…"),
        "sending_offline": _(
            "The network is away. Your answers are safe on this machine and go by themselves when it is back. "
            "Please keep this page open."
        ),
        "receipt_handed_in": _("Handed in"),
        "receipt_time_over": _("The time is over. Your work has been recorded."),
        "receipt_closed": _("The exam has been ended. Your work has been recorded."),
        "lost": _(
            "Some changes (%(count)s) did not reach the server in time and are still on this machine. "
            "Please tell the invigilator now."
        ),
        "no_answer": _("no answer"),
    }

"""Output of plans for a conda-store's environments, and of what became of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .following import show_time
from .terminal import complain, print_table

if TYPE_CHECKING:
    from ..repositories.apply.apply import Outcome
    from ..repositories.apply.plan import Plan


def print_plan(plan: Plan) -> None:
    """Print the steps of a plan, and what is left out of it."""
    rows = [[change.step.value, str(change), change.why] for change in plan.changes]
    if rows:
        print_table(["STEP", "ENVIRONMENT", "WHY"], rows)
    for unusable in plan.unusable:
        complain(f"{unusable.file}: {unusable.reason}")
    for change in plan.changes:
        for note in change.declared.notes if change.declared else ():
            complain(f"{change.declared.file if change.declared else ''}: {note}")
    if plan.others:
        shown = ", ".join(plan.others[:5]) + (" ..." if len(plan.others) > 5 else "")
        print(f"left alone, because this folder did not make them: {shown}")


def print_outcomes(outcomes: tuple[Outcome, ...]) -> None:
    """Print what became of every step."""
    rows = [
        [
            "failed" if outcome.error else "done",
            str(outcome.change),
            str(outcome.build_id or "-"),
            show_time(outcome.seconds) if outcome.seconds else "-",
            outcome.error or "",
        ]
        for outcome in outcomes
    ]
    if rows:
        print()
        print_table(["STATE", "ENVIRONMENT", "BUILD", "TIME", "ERROR"], rows)


def failed(plan: Plan, outcomes: tuple[Outcome, ...]) -> bool:
    """Tell whether conda-store does not have what a plan says in the end."""
    return bool(plan.unusable or plan.refused) or any(outcome.error for outcome in outcomes)


def plan_json(plan: Plan) -> dict[str, object]:
    """Return a plan as JSON."""
    return {
        "owner": plan.owner,
        "plan": [
            {
                "step": change.step.value,
                "namespace": change.namespace,
                "name": change.name,
                "file": change.declared.file if change.declared else None,
                "why": change.why,
                "build_id": change.build_id,
                "notes": list(change.declared.notes) if change.declared else [],
            }
            for change in plan.changes
        ],
        "unusable": [{"file": each.file, "reason": each.reason} for each in plan.unusable],
        "left_alone": list(plan.others),
    }


def outcome_json(outcome: Outcome) -> dict[str, object]:
    """Return what became of a step as JSON."""
    return {
        "namespace": outcome.change.namespace,
        "name": outcome.change.name,
        "step": outcome.change.step.value,
        "build_id": outcome.build_id,
        "seconds": round(outcome.seconds, 1),
        "error": outcome.error,
    }

package io.millrace.evaluator;

import io.millrace.schemas.Verdict;

import java.util.List;

/**
 * What the gate says.
 *
 * @param verdict promoted or rejected
 * @param reasons why, one sentence each
 */
record GateDecision(Verdict verdict, List<String> reasons) {

    GateDecision {
        reasons = List.copyOf(reasons);
    }
}

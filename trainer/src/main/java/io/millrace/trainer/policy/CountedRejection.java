package io.millrace.trainer.policy;

import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.Verdict;

/** Which verdicts count as rejections that training answers. This is the only place that says so. */
final class CountedRejection {

    private CountedRejection() {}

    /** Whether it was rejected for its scores: a checkpoint that could not be read says nothing about training. */
    static boolean is(ModelUpdate update) {
        return update.verdict() == Verdict.REJECTED && !update.scores().isEmpty();
    }
}

package io.millrace.trainer.policy;

import io.millrace.schemas.Assessment;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.Verdict;

/** Which verdicts count as rejections that training answers. This is the only place that says so. */
final class CountedRejection {

    private CountedRejection() {}

    /**
     * Whether the checkpoint has regressed. A checkpoint that could not be read, or that there is too little evidence on, says
     * nothing about training. Old versions give no assessment: with them each rejection for scores counts.
     */
    static boolean is(ModelUpdate update) {
        return update.assessment() == null
                ? update.verdict() == Verdict.REJECTED && !update.scores().isEmpty()
                : update.assessment() == Assessment.REGRESSED;
    }
}

package io.millrace.evaluator.score;

import io.millrace.evaluator.state.ProbeSet;
import io.millrace.schemas.ProbeScore;

/** Scores a probe set with a loaded model of some kind. */
interface ProbeRunner {

    /**
     * The model's scores on one probe set.
     *
     * @throws io.millrace.schemas.store.CorruptCheckpointException if what the model says is not finite: such weights are as
     *     good as none
     */
    ProbeScore score(ProbeSet probeSet);
}

package io.millrace.evaluator;

import io.millrace.schemas.CheckpointEvaluation;
import io.millrace.schemas.DriftEvent;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.RequestOutcome;

/**
 * Learns what an evaluator has published, after the transaction, on the polling thread. A method that takes long holds up the
 * evaluator, and one that throws ends it.
 */
public interface EvaluatorListener {

    /** Listens to nothing. */
    EvaluatorListener NONE = new EvaluatorListener() {};

    /** A checkpoint was scored; its verdict comes next. */
    default void evaluation(CheckpointEvaluation evaluation) {}

    /** A score drifts, or has recovered. */
    default void drift(DriftEvent event) {}

    /** A verdict on a checkpoint. */
    default void modelUpdate(ModelUpdate update) {}

    /** A request by hand was executed or refused; if it led to a verdict, that came before. */
    default void request(RequestOutcome outcome) {}
}

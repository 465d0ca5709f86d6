package io.millrace.app.service;

import io.millrace.evaluator.EvaluatorListener;
import io.millrace.schemas.DriftEvent;
import io.millrace.trainer.TrainerListener;

/** Learns what the services of this process have published, each on its own thread. */
public interface ServiceListener extends TrainerListener, EvaluatorListener {

    /** Listens to nothing. */
    ServiceListener NONE = new ServiceListener() {};

    /** Drift of the stream, or of a score. */
    @Override
    default void drift(DriftEvent event) {}
}

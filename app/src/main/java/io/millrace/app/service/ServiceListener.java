package io.millrace.app.service;

import io.millrace.evaluator.EvaluatorListener;
import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.CheckpointEvaluation;
import io.millrace.schemas.DriftEvent;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.RequestOutcome;
import io.millrace.trainer.TrainerListener;

import java.util.Map;

/** Learns what the services of this process have published, each on its own thread. */
public interface ServiceListener extends TrainerListener, EvaluatorListener {

    /** Listens to nothing. */
    ServiceListener NONE = new ServiceListener() {};

    /** Drift of the stream, or of a score. */
    @Override
    default void drift(DriftEvent event) {}

    /** A listener that passes the steps of training on to {@code steps} as well. */
    default ServiceListener andSteps(TrainerListener steps) {
        ServiceListener first = this;
        return new ServiceListener() {
            @Override
            public void step(String task, long step, Map<String, Double> figures) {
                first.step(task, step, figures);
                steps.step(task, step, figures);
            }

            @Override
            public void checkpoint(CheckpointAnnouncement announcement) {
                first.checkpoint(announcement);
            }

            @Override
            public void drift(DriftEvent event) {
                first.drift(event);
            }

            @Override
            public void evaluation(CheckpointEvaluation evaluation) {
                first.evaluation(evaluation);
            }

            @Override
            public void modelUpdate(ModelUpdate update) {
                first.modelUpdate(update);
            }

            @Override
            public void request(RequestOutcome outcome) {
                first.request(outcome);
            }
        };
    }
}

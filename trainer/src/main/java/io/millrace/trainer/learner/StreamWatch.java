package io.millrace.trainer.learner;

import io.millrace.encoder.tokens.TokenizedText;
import io.millrace.schemas.DriftEvent;
import io.millrace.trainer.config.TrainedTask;
import io.millrace.trainer.config.WatchedMetric;
import io.millrace.trainer.drift.DriftFile;
import io.millrace.trainer.drift.Observation;
import io.millrace.trainer.drift.StreamDrift;
import io.millrace.trainer.learner.StepResult.BatchSummary;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A learner's watch for drift, with the frozen encoder that it may need. Owns native memory. */
final class StreamWatch implements AutoCloseable {

    private final TrainedTask trained;
    private final StreamDrift drift;
    private final Optional<FrozenEncoder> frozen;

    StreamWatch(TrainedTask trained, StreamDrift drift) {
        this.trained = trained;
        this.drift = drift;
        frozen = trained.training().drift().watches(WatchedMetric.EMBEDDINGS)
                ? Optional.of(FrozenEncoder.open(trained.training()))
                : Optional.empty();
    }

    /** One row per text; none if embeddings are not watched. */
    float[][] embeddings(List<TokenizedText> texts) {
        return frozen.map(encoder -> encoder.embeddings(texts)).orElse(new float[0][]);
    }

    List<DriftEvent> add(long step, OffsetExamples examples, BatchSummary tested) {
        List<Observation> batch = new ArrayList<>();
        for (int i = 0; i < tested.right().length; i++) {
            batch.add(new Observation(
                    examples.offsets().get(i),
                    examples.examples().get(i),
                    tested.right()[i],
                    tested.unknownShares()[i],
                    tested.embeddings().length == 0 ? new float[0] : tested.embeddings()[i]));
        }
        return drift.add(examples.partition(), step, batch);
    }

    StreamDrift drift() {
        return drift;
    }

    /** The watch as a checkpoint that is taken now holds it; empty if nothing was watched. */
    Optional<String> taken() {
        return DriftFile.taken(trained, drift);
    }

    @Override
    public void close() {
        frozen.ifPresent(FrozenEncoder::close);
    }
}

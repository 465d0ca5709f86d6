package io.millrace.evaluator;

import io.millrace.evaluator.config.EvaluatedTask;
import io.millrace.evaluator.config.EvaluationConfig;
import io.millrace.evaluator.config.EvidenceConfig;
import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.CheckpointEvaluation;
import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.Distribution;
import io.millrace.schemas.GateRule;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.ModelUpdate.CurrentModel;
import io.millrace.schemas.ModelUpdate.Lineage;
import io.millrace.schemas.ModelUpdate.PublishedModel;
import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.ProbeScore;
import io.millrace.schemas.ProbeSetReference;
import io.millrace.schemas.Task;
import io.millrace.schemas.TaskKind;
import io.millrace.schemas.Verdict;
import io.millrace.schemas.kafka.KafkaConnection;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Small records as the evaluator handles them, all of the task {@code intent}. */
public final class EvaluatorFixtures {

    public static final KafkaConnection KAFKA = new KafkaConnection("localhost:1", Map.of());
    public static final EvaluationConfig CONFIG = new EvaluationConfig(null, 0.02, Map.of("new", 0.1), 0.05, 2)
            .withGate(GateRule.MARGIN, EvidenceConfig.defaults());
    public static final EvaluatedTask TASK =
            new EvaluatedTask(new Task("intent", TaskKind.SINGLE, List.of("no", "yes"), 100), CONFIG);

    private EvaluatorFixtures() {}

    public static LabelledExample example(String id, String text, String label) {
        return new LabelledExample(id, text, null, label, null, null, null);
    }

    public static CheckpointReference checkpoint(long step) {
        String id = String.format("checkpoint-%06d", step);
        return new CheckpointReference("intent", id, step, "intent/" + id, "hash-of-" + step);
    }

    public static CheckpointAnnouncement announcement(CheckpointReference checkpoint) {
        return new CheckpointAnnouncement(checkpoint, "the-parent", new OffsetRange(0, 10, 20), 10, Map.of());
    }

    /** A checkpoint that was announced so many seconds after the first of January 2026. */
    static Announced announced(CheckpointReference checkpoint, long seconds) {
        return new Announced(
                announcement(checkpoint), Instant.parse("2026-01-01T00:00:00Z").plusSeconds(seconds));
    }

    static Announced announced(CheckpointReference checkpoint) {
        return announced(checkpoint, checkpoint.step());
    }

    public static ProbeScore score(String probeSet, String version, double accuracy) {
        ProbeSetReference reference = new ProbeSetReference(probeSet, version, Distribution.OUT_OF_DISTRIBUTION, 1000);
        return new ProbeScore(reference, accuracy, 0.1, 0.2, 0.3);
    }

    public static CheckpointEvaluation evaluation(long step, ProbeScore... scores) {
        return new CheckpointEvaluation(checkpoint(step), List.of(scores));
    }

    public static PublishedModel model(long step) {
        return new PublishedModel(
                checkpoint(step), "intent/models/" + checkpoint(step).id(), "weights-of-" + step);
    }

    public static CurrentModel current(long step, ProbeScore... scores) {
        return new CurrentModel(model(step), List.of(scores));
    }

    public static ModelUpdate update(Verdict verdict, long step, Optional<CurrentModel> current, ProbeScore... scores) {
        Lineage lineage = new Lineage(null, new OffsetRange(0, 0, 10));
        return new ModelUpdate(verdict, List.of(), model(step), List.of(scores), current.orElse(null), lineage);
    }
}

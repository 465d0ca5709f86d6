package io.millrace.app.narration;

import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.CheckpointEvaluation;
import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.Distribution;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.ProbeScore;
import io.millrace.schemas.ProbeSetReference;
import io.millrace.schemas.Verdict;

import java.util.List;
import java.util.Map;

/** Events as the services would write them. */
public final class Events {

    private static final String TASK = "intent";

    private Events() {}

    public static CheckpointAnnouncement announcement(long step, long examples, double prequentialAccuracy) {
        return new CheckpointAnnouncement(
                reference(step),
                null,
                new OffsetRange(0, 0, step * 40),
                examples,
                Map.of(
                        "taskLoss",
                        2.5,
                        "smoothnessLoss",
                        0.0125,
                        "prequentialAccuracy",
                        prequentialAccuracy,
                        "gradNorm",
                        1.5));
    }

    public static CheckpointAnnouncement announcement(String id, long step, long examples) {
        return new CheckpointAnnouncement(
                new CheckpointReference(TASK, id, step, "intent/" + id, "ab"),
                null,
                new OffsetRange(0, 0, step * 40 + 40),
                examples,
                Map.of());
    }

    public static CheckpointEvaluation evaluation(long step, double known, double typos) {
        return new CheckpointEvaluation(reference(step), scores(known, typos));
    }

    public static ModelUpdate update(Verdict verdict, long step, List<String> reasons) {
        String location = verdict == Verdict.PROMOTED ? "intent/models/" + step : null;
        return new ModelUpdate(
                verdict,
                reasons,
                new ModelUpdate.PublishedModel(reference(step), location, null),
                scores(0.712, 0.5),
                null,
                new ModelUpdate.Lineage(null, new OffsetRange(0, 0, 1)));
    }

    public static List<ProbeScore> scores(double known, double typos) {
        return List.of(
                score("typos", Distribution.OUT_OF_DISTRIBUTION, typos),
                score("known", Distribution.IN_DISTRIBUTION, known));
    }

    private static ProbeScore score(String probeSet, Distribution distribution, double accuracy) {
        return new ProbeScore(new ProbeSetReference(probeSet, "v", distribution, 10), accuracy, 0, 0, 0);
    }

    private static CheckpointReference reference(long step) {
        return new CheckpointReference(TASK, "checkpoint-" + step, step, "intent/checkpoint-" + step, "ab");
    }
}

package io.millrace.app.page.view;

import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.CheckpointEvaluation;
import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.Distribution;
import io.millrace.schemas.DriftEvent;
import io.millrace.schemas.DriftPhase;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.NewLabels;
import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.ProbeScore;
import io.millrace.schemas.ProbeSetReference;
import io.millrace.schemas.Task;
import io.millrace.schemas.TaskKind;
import io.millrace.schemas.Verdict;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Events of a task as the services write them. */
public final class PageEvents {

    public static final String TASK = "intent";

    private PageEvents() {}

    public static Task task(String name) {
        return new Task(name, TaskKind.SINGLE, List.of("a", "b"), NewLabels.REJECT, 2, 0.5, 100);
    }

    public static Instant at(long step) {
        return Instant.parse("2026-01-01T00:00:00Z").plusSeconds(step);
    }

    /** A checkpoint with 10 examples per step since its parent. */
    public static CheckpointAnnouncement announcement(long step, Long parent) {
        long first = parent == null ? 0 : parent * 10;
        return new CheckpointAnnouncement(
                reference(step),
                parent == null ? null : id(parent),
                new OffsetRange(0, first, Math.max(first, step * 10)),
                step * 10 - first,
                Map.of("taskLoss", 4.0 / step, "totalLoss", 5.0 / step, "prequentialAccuracy", 0.5));
    }

    public static CheckpointEvaluation evaluation(long step, double known, double typos) {
        return new CheckpointEvaluation(reference(step), scores(known, typos));
    }

    public static ModelUpdate update(Verdict verdict, long step, String... reasons) {
        return new ModelUpdate(
                verdict,
                List.of(reasons),
                new ModelUpdate.PublishedModel(
                        reference(step), verdict == Verdict.REJECTED ? null : TASK + "/models/" + id(step), null),
                scores(0.7, 0.5),
                null,
                new ModelUpdate.Lineage(null, new OffsetRange(0, 0, 1)));
    }

    public static DriftEvent drift(DriftPhase phase, String metric, long step, String episode, List<String> words) {
        return new DriftEvent(
                TASK,
                phase,
                metric,
                "e-detector, expected run length 100000",
                new DriftEvent.Reading(0.4, 0.8, 0.4, 100),
                step,
                new DriftEvent.Episode(
                        episode,
                        List.of(metric),
                        DriftEvent.Severity.MINOR,
                        null,
                        words,
                        List.of(new DriftEvent.ShownExample("7", "book a flight", "travel"))));
    }

    public static String id(long step) {
        return "checkpoint-%06d".formatted(step);
    }

    private static CheckpointReference reference(long step) {
        return new CheckpointReference(TASK, id(step), step, TASK + "/" + id(step), "ab");
    }

    private static List<ProbeScore> scores(double known, double typos) {
        return List.of(
                new ProbeScore(new ProbeSetReference("known", "v", Distribution.IN_DISTRIBUTION, 10), known, 0, 1.5, 0),
                new ProbeScore(
                        new ProbeSetReference("typos", "v", Distribution.OUT_OF_DISTRIBUTION, 10), typos, 0, 2.5, 0));
    }
}

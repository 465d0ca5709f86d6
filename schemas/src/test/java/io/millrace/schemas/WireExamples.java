package io.millrace.schemas;

import io.millrace.schemas.ModelUpdate.CurrentModel;
import io.millrace.schemas.ModelUpdate.PublishedModel;
import io.millrace.schemas.store.CheckpointManifest;
import io.millrace.schemas.store.CheckpointManifest.FileHash;
import io.millrace.schemas.store.CheckpointManifest.Lineage;
import io.millrace.schemas.store.CheckpointManifest.MiniBatchRange;
import io.millrace.schemas.store.CheckpointManifest.Outcome;
import io.millrace.schemas.store.Sha256;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Every record type that stands on a topic or in a checkpoint, complete and minimal, in every version. */
final class WireExamples {

    private static final LabelledExample PAIR = new LabelledExample(
            "nli-17",
            "Zwei Hunde laufen über den \"Marktplatz\" ☀",
            "Tiere sind draußen.",
            "entailment",
            Instant.parse("2026-01-31T12:00:00Z"),
            0.5,
            Map.of("annotator", "3"));
    private static final LabelledExample SINGLE =
            new LabelledExample("1", "book a flight", null, "book_flight", null, null, null);
    private static final Origin ORIGIN = new Origin("examples", 3, 5_025, 1_769_860_800_000L);
    private static final OffsetRange OFFSETS = new OffsetRange(3, 3_200, 3_271);
    private static final OffsetRange TEXTS = new OffsetRange(1, 800, 810);
    private static final OffsetRange GAP = new OffsetRange(3, 3_200, 3_204);
    private static final String CONFIG_SHA256 = Sha256.of("configuration");
    private static final Map<String, FileHash> WEIGHTS =
            Map.of("model.safetensors", new FileHash(Sha256.of("weights"), 17_548_920));
    private static final CheckpointReference PARENT = checkpoint("checkpoint-000118", 118);
    private static final CheckpointReference CHECKPOINT = checkpoint("checkpoint-000120", 120);

    private WireExamples() {}

    static Stream<WireExample> all() {
        return Stream.of(
                        full().map(value -> new WireExample(1, "full", true, value)),
                        second().map(value -> new WireExample(2, "full", true, value)),
                        superseded().map(value -> new WireExample(1, "full", false, value)),
                        minimal().map(value -> new WireExample(1, "minimal", false, value)))
                .flatMap(forms -> forms);
    }

    private static Stream<Record> full() {
        return Stream.of(
                PAIR,
                new AcceptedExample(PAIR, ORIGIN),
                new UnlabelledText("wiki-1", "a text without a label"),
                new ProbeExample("nli", "adversarial", Distribution.OUT_OF_DISTRIBUTION, PAIR));
    }

    /** Those that version 2 gave components. */
    private static Stream<Record> second() {
        return Stream.of(
                new DriftEvent(
                        "intent",
                        DriftPhase.STARTED,
                        "vocabulary",
                        "e-detector(10000), tolerated 0.072",
                        new DriftEvent.Reading(0.875, 0.5, 0.375, 36),
                        120,
                        new DriftEvent.Episode(
                                "intent/3/3205",
                                List.of("prequentialAccuracy", "vocabulary"),
                                DriftEvent.Severity.MAJOR,
                                new OffsetRange(3, 3_205, 3_210),
                                List.of("account", "bank"),
                                List.of(new DriftEvent.ShownExample(
                                        "clinc-17", "freeze my account", "freeze_account")))),
                new TaskHistorySnapshot(
                        "intent",
                        7,
                        new CurrentModel(published(CHECKPOINT), List.of(score(0.55), regressionScore(0.75))),
                        List.of(PARENT.id(), CHECKPOINT.id()),
                        List.of("checkpoint-000110"),
                        List.of(new TaskHistorySnapshot.Series(
                                "typos",
                                Sha256.of("typos"),
                                new FallBelowBest(0.75, 0.5, true, 3),
                                "intent/checkpoint-000117"))),
                new CheckpointAnnouncement(CHECKPOINT, PARENT.id(), OFFSETS, 71, training(), TEXTS, GAP),
                new CheckpointEvaluation(CHECKPOINT, List.of(score(0.55), regressionScore(0.75))),
                promoted(List.of(score(0.61), regressionScore(0.8125)), List.of(score(0.55), regressionScore(0.75))),
                manifest(
                        new Lineage(
                                PARENT.id(),
                                CONFIG_SHA256,
                                OFFSETS,
                                List.of(
                                        new MiniBatchRange(
                                                3_204, 3_232, 28, Outcome.TRAINED, new OffsetRange(1, 800, 808)),
                                        new MiniBatchRange(3_232, 3_264, 32, Outcome.QUARANTINED),
                                        new MiniBatchRange(
                                                3_264, 3_271, 7, Outcome.TRAINED_SHORT, new OffsetRange(1, 808, 810))),
                                TEXTS,
                                GAP,
                                Sha256.of("encoder")),
                        WEIGHTS));
    }

    /** What version 1 of the {@link #second} could say. */
    private static Stream<Record> superseded() {
        return Stream.of(
                new DriftEvent(
                        "intent",
                        DriftPhase.STARTED,
                        "accuracy/typos",
                        "fall-below-best(0.050)",
                        new DriftEvent.Reading(0.55, 0.61, 0.06, 450),
                        120),
                new TaskHistorySnapshot(
                        "intent",
                        7,
                        new CurrentModel(published(CHECKPOINT), List.of(score(0.55), regressionScore(0.75))),
                        List.of(PARENT.id(), CHECKPOINT.id()),
                        List.of("checkpoint-000110"),
                        List.of(new TaskHistorySnapshot.Series(
                                "typos", Sha256.of("typos"), new FallBelowBest(0.75, 0.5, true, 3)))),
                new CheckpointAnnouncement(CHECKPOINT, PARENT.id(), OFFSETS, 71, training()),
                new CheckpointEvaluation(CHECKPOINT, List.of(score(0.55))),
                promoted(List.of(score(0.61)), List.of(score(0.55))),
                manifest(
                        new Lineage(
                                PARENT.id(),
                                CONFIG_SHA256,
                                OFFSETS,
                                List.of(
                                        new MiniBatchRange(3_200, 3_232, 32, Outcome.TRAINED),
                                        new MiniBatchRange(3_232, 3_264, 32, Outcome.QUARANTINED),
                                        new MiniBatchRange(3_264, 3_271, 7, Outcome.TRAINED_SHORT))),
                        WEIGHTS));
    }

    private static Stream<Record> minimal() {
        return Stream.of(
                SINGLE,
                new AcceptedExample(SINGLE, ORIGIN),
                new UnlabelledText("1", "a"),
                new ProbeExample("intent", "known", Distribution.IN_DISTRIBUTION, SINGLE),
                new CheckpointAnnouncement(CHECKPOINT, null, OFFSETS, 0, Map.of()),
                new CheckpointEvaluation(CHECKPOINT, List.of()),
                new DriftEvent("intent", DriftPhase.RECOVERED, "m", "d", new DriftEvent.Reading(0, 0, 0, 0), 0),
                new ModelUpdate(
                        Verdict.REJECTED,
                        List.of(),
                        new PublishedModel(CHECKPOINT, null, null),
                        List.of(),
                        null,
                        new ModelUpdate.Lineage(null, OFFSETS)),
                new TaskHistorySnapshot("intent", 0, null, List.of(), List.of(), List.of()),
                manifest(new Lineage(null, CONFIG_SHA256, OFFSETS, List.of()), Map.of()));
    }

    private static CheckpointReference checkpoint(String id, long step) {
        return new CheckpointReference("intent", id, step, "intent/" + id, Sha256.of("manifest of " + id));
    }

    private static PublishedModel published(CheckpointReference checkpoint) {
        String location = "intent/models/" + checkpoint.id();
        return new PublishedModel(checkpoint, location, Sha256.of("weights of " + checkpoint.id()));
    }

    private static ModelUpdate promoted(List<ProbeScore> scores, List<ProbeScore> ofCurrent) {
        return new ModelUpdate(
                Verdict.PROMOTED,
                List.of("new was not compared: the current model has no score on this version"),
                published(CHECKPOINT),
                scores,
                new CurrentModel(published(PARENT), ofCurrent),
                new ModelUpdate.Lineage(PARENT.id(), OFFSETS));
    }

    private static ProbeScore score(double accuracy) {
        ProbeSetReference typos =
                new ProbeSetReference("typos", Sha256.of("typos"), Distribution.OUT_OF_DISTRIBUTION, 450);
        return new ProbeScore(typos, accuracy, 0.52, 1.75, 0.0625);
    }

    private static ProbeScore regressionScore(double accuracy) {
        ProbeSetReference reviews =
                new ProbeSetReference("reviews", Sha256.of("reviews"), Distribution.IN_DISTRIBUTION, 200);
        return ProbeScore.ofRegression(reviews, accuracy, 0.375, 0.875);
    }

    private static CheckpointManifest manifest(Lineage lineage, Map<String, FileHash> files) {
        return new CheckpointManifest(
                CheckpointManifest.FORMAT, CHECKPOINT.task(), CHECKPOINT.id(), CHECKPOINT.step(), lineage, files);
    }

    private static Map<String, Double> training() {
        Map<String, Double> means = new LinkedHashMap<>();
        means.put("taskLoss", 1.25);
        means.put("gradNorm", 0.75);
        means.put("prequentialAccuracy", 0.625);
        return means;
    }
}

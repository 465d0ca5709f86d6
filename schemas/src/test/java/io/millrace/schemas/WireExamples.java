package io.millrace.schemas;

import io.millrace.schemas.CheckpointAnnouncement.Produced;
import io.millrace.schemas.GateEvidence.BestScore;
import io.millrace.schemas.GateEvidence.ProbeComparison;
import io.millrace.schemas.ModelUpdate.CurrentModel;
import io.millrace.schemas.ModelUpdate.PublishedModel;
import io.millrace.schemas.TaskHistorySnapshot.Best;
import io.millrace.schemas.TaskHistorySnapshot.GateState;
import io.millrace.schemas.store.CheckpointManifest;
import io.millrace.schemas.store.CheckpointManifest.FileHash;
import io.millrace.schemas.store.CheckpointManifest.Lineage;
import io.millrace.schemas.store.CheckpointManifest.MiniBatchRange;
import io.millrace.schemas.store.CheckpointManifest.Outcome;
import io.millrace.schemas.store.Sha256;
import org.jspecify.annotations.Nullable;

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

    private static final Produced PRODUCED =
            new Produced(Instant.parse("2026-05-04T10:14:59.250Z"), Instant.parse("2026-05-04T10:15:20Z"));
    private static final Instant ANNOUNCED = Instant.parse("2026-05-04T10:15:30Z");
    private static final FreshComparison FRESH = new FreshComparison(PARENT.id(), 512, 400, 352, 61.5, OFFSETS);
    private static final Origin REQUEST_ORIGIN = new Origin("model-requests", 2, 17, 1_769_860_800_000L);
    private static final ModelRequest ROLLBACK = new ModelRequest(
            "2b7c1d0e-5f46-4c39-9a53-0d4f2f1c8e77",
            "intent",
            ModelRequest.Action.ROLLBACK,
            "checkpoint-000118",
            "alice",
            "better on the complaints of last week",
            "checkpoint-000110");
    private static final ModelRequest HOLD =
            new ModelRequest("1", "intent", ModelRequest.Action.HOLD, null, "bob", "the labels are under review", null);

    private WireExamples() {}

    static Stream<WireExample> all() {
        return Stream.of(
                        full().map(value -> new WireExample(1, "full", true, value)),
                        third().map(value -> new WireExample(3, "full", true, value)),
                        Stream.of(reacting(PRODUCED), governed(2))
                                .map(value -> new WireExample(4, "full", true, value)),
                        Stream.of(reacting(null), governed(null))
                                .map(value -> new WireExample(3, "full", false, value)),
                        superseded().map(value -> new WireExample(1, "full", false, value)),
                        supersededSecond().map(value -> new WireExample(2, "full", false, value)),
                        minimal().map(value -> new WireExample(1, "minimal", false, value)))
                .flatMap(forms -> forms);
    }

    private static Stream<Record> full() {
        return Stream.of(
                PAIR,
                new AcceptedExample(PAIR, ORIGIN),
                new UnlabelledText("wiki-1", "a text without a label"),
                new ProbeExample("nli", "adversarial", Distribution.OUT_OF_DISTRIBUTION, PAIR),
                ROLLBACK,
                new RequestOutcome(
                        ROLLBACK,
                        REQUEST_ORIGIN,
                        RequestOutcome.Result.REFUSED,
                        List.of("the champion is checkpoint-000120 by now, not checkpoint-000110"),
                        CHECKPOINT.id()));
    }

    /** Those that version 3 gave the gate's evidence, requests by hand, further scores, the trainer's policy and drift episodes. */
    private static Stream<Record> third() {
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
                new CheckpointEvaluation(CHECKPOINT, List.of(score(0.55), regressionScore(0.75)), List.of(details())),
                new ModelUpdate(
                        Verdict.PROMOTED,
                        List.of("better than the champion"),
                        published(CHECKPOINT),
                        List.of(score(0.61), regressionScore(0.8125)),
                        new CurrentModel(published(PARENT), List.of(score(0.55), regressionScore(0.75))),
                        new ModelUpdate.Lineage(PARENT.id(), OFFSETS),
                        Assessment.IMPROVED,
                        new GateEvidence(
                                GateRule.EVIDENCE,
                                0.05,
                                ANNOUNCED,
                                FRESH,
                                List.of(
                                        new ProbeComparison(
                                                "typos", true, 0.0625, 40, 13, new BestScore(PARENT.id(), 0.55)),
                                        new ProbeComparison(
                                                "reviews", false, 0.125, 20, 8, new BestScore(PARENT.id(), 0.75))),
                                new GateEvidence.Champion(PARENT.id(), true, 3_600L, 86_400, 640, 20_000),
                                35),
                        new ModelUpdate.Request(ROLLBACK.id(), ROLLBACK.by(), ROLLBACK.reason())),
                snapshot(
                        new GateState(
                                FRESH,
                                ANNOUNCED,
                                640,
                                List.of(new Best("typos", Sha256.of("typos"), new BestScore(PARENT.id(), 0.55)))),
                        new ByHand(
                                List.of(new ByHand.NextOffset(2, 18)),
                                new ByHand.Hold(
                                        "bob", "the labels are under review", Instant.parse("2026-01-31T12:00:00Z")),
                                List.of(PARENT.id())),
                        "intent/checkpoint-000117"));
    }

    private static TaskHistorySnapshot snapshot(
            @Nullable GateState gate, @Nullable ByHand byHand, @Nullable String episode) {
        return new TaskHistorySnapshot(
                "intent",
                7,
                new CurrentModel(published(CHECKPOINT), List.of(score(0.55), regressionScore(0.75))),
                List.of(PARENT.id(), CHECKPOINT.id()),
                List.of("checkpoint-000110"),
                List.of(new TaskHistorySnapshot.Series(
                        "typos", Sha256.of("typos"), new FallBelowBest(0.75, 0.5, true, 3), episode)),
                gate,
                byHand);
    }

    /** An announcement with changes of training, to which version 4 gave the times of the examples. */
    private static Record reacting(@Nullable Produced produced) {
        Adjustments lowered = new Adjustments(0.5, 1, 0.25);
        Adjustments replaying = new Adjustments(1, 2, 0.5);
        return announcement(
                List.of(
                        new Reaction(
                                Reaction.Cause.REJECTION,
                                Reaction.Action.LOWER_LEARNING_RATE,
                                Adjustments.NONE,
                                lowered,
                                PARENT.id(),
                                List.of(new Reaction.ProbeReuse("typos", Sha256.of("typos"), 3))),
                        new Reaction(
                                Reaction.Cause.DRIFT,
                                Reaction.Action.RAISE_REPLAY,
                                lowered,
                                lowered.and(replaying),
                                null,
                                List.of())),
                produced);
    }

    /** A manifest with the state of a policy, to which version 4 gave the number of shards. */
    private static Record governed(@Nullable Integer shards) {
        Adjustments lowered = new Adjustments(0.5, 1, 0.25);
        Adjustments replaying = new Adjustments(1, 2, 0.5);
        return manifest(
                lineage(
                        lowered,
                        new PolicyState(lowered, replaying, 2, 1, new PolicyState.VerdictPosition(1, 40)),
                        shards),
                WEIGHTS);
    }

    /** What version 2 of the {@link #third} could say. */
    private static Stream<Record> supersededSecond() {
        return Stream.of(
                new CheckpointEvaluation(CHECKPOINT, List.of(score(0.55), regressionScore(0.75))),
                promoted(List.of(score(0.61), regressionScore(0.8125)), List.of(score(0.55), regressionScore(0.75))),
                announcement(null, null),
                manifest(lineage(null, null, null), WEIGHTS));
    }

    private static ProbeDetails details() {
        return new ProbeDetails(
                "typos",
                Sha256.of("typos"),
                Map.of("mcc", 0.5),
                Map.of("consistency", "no group has two examples"),
                List.of(
                        new PartScores(
                                PartScores.Kind.CAPABILITY, null, "negation", 20, Map.of("failureRate", 0.25), null),
                        new PartScores(PartScores.Kind.LABEL, null, "book_flight", 30, Map.of("f1", 0.75), null),
                        new PartScores(
                                PartScores.Kind.SLICE,
                                "length",
                                "long",
                                12,
                                Map.of("accuracy", 0.5),
                                Map.of("mcc", "every prediction is the same label"))),
                3,
                new ModelChange(
                        PARENT.id(),
                        0.125,
                        0.0625,
                        0.03125,
                        0.375,
                        Map.of("accuracy", new ModelChange.Interval(0.03125, -0.015625, 0.078125))));
    }

    private static CheckpointAnnouncement announcement(
            @Nullable List<Reaction> reactions, @Nullable Produced produced) {
        return new CheckpointAnnouncement(
                CHECKPOINT, PARENT.id(), OFFSETS, 71, training(), TEXTS, GAP, reactions, produced);
    }

    private static Lineage lineage(
            @Nullable Adjustments adjustments, @Nullable PolicyState policy, @Nullable Integer shards) {
        return new Lineage(
                PARENT.id(),
                CONFIG_SHA256,
                OFFSETS,
                List.of(
                        new MiniBatchRange(3_204, 3_232, 28, Outcome.TRAINED, new OffsetRange(1, 800, 808)),
                        new MiniBatchRange(3_232, 3_264, 32, Outcome.QUARANTINED),
                        new MiniBatchRange(3_264, 3_271, 7, Outcome.TRAINED_SHORT, new OffsetRange(1, 808, 810))),
                TEXTS,
                GAP,
                Sha256.of("encoder"),
                adjustments,
                policy,
                shards);
    }

    /** What version 1 of the {@link #third} could say. */
    private static Stream<Record> superseded() {
        return Stream.of(
                snapshot(null, null, null),
                new DriftEvent(
                        "intent",
                        DriftPhase.STARTED,
                        "accuracy/typos",
                        "fall-below-best(0.050)",
                        new DriftEvent.Reading(0.55, 0.61, 0.06, 450),
                        120),
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
                HOLD,
                new RequestOutcome(HOLD, REQUEST_ORIGIN, RequestOutcome.Result.DONE, List.of(), null),
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

package io.millrace.app.page.view;

import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.CheckpointEvaluation;
import io.millrace.schemas.Distribution;
import io.millrace.schemas.DriftEvent;
import io.millrace.schemas.ModelRequest;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.ProbeScore;
import io.millrace.schemas.RequestOutcome;
import io.millrace.schemas.Task;
import io.millrace.trainer.TrainerListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What the records and the steps of one task say, in bounded memory. Safe for several threads. */
public final class TaskFold {

    private static final int STEPS_KEPT = 4096;
    private static final int CHECKPOINTS_KEPT = 1024;
    private static final int BANDS = 1024;
    private static final int MAX_PROBE_SETS = 16;

    private static final int SHOWN_CHECKPOINTS = 60;
    private static final int SHOWN_EPISODES = 30;
    private static final int SHOWN_ANCESTORS = 25;

    private static final String LOSS = "Loss";
    private static final String SEPARATOR = "/";

    private final Task task;
    private final History steps = new History(STEPS_KEPT, BANDS);
    private final History means = new History(CHECKPOINTS_KEPT, BANDS);
    private final History scores = new History(CHECKPOINTS_KEPT, BANDS);
    private final CheckpointFold checkpoints = new CheckpointFold();
    private final DriftFold drift = new DriftFold();
    private final RejectedFold rejected = new RejectedFold();
    private final Map<String, PageState.ProbeSet> probeSets = new TreeMap<>();
    private final Map<String, Double> losses = new LinkedHashMap<>();
    private @Nullable Double accuracy;
    private long step;
    private boolean live;
    private @Nullable CheckpointAnnouncement newest;
    private @Nullable String hold;

    /** Nothing is known of {@code task} yet. */
    TaskFold(Task task) {
        this.task = task;
    }

    /** Takes a step of this process. */
    synchronized void step(long done, Map<String, Double> figures) {
        live = true;
        steps.add(done, figures);
        remember(done, figures);
    }

    private void remember(long done, Map<String, Double> figures) {
        step = done;
        figures.forEach((name, value) -> {
            if (name.endsWith(LOSS)) {
                losses.put(name, value);
            }
        });
        accuracy = figures.getOrDefault(TrainerListener.PREQUENTIAL_ACCURACY, accuracy);
    }

    /** Takes an announcement. */
    public synchronized void checkpoint(CheckpointAnnouncement announcement, Instant at) {
        newest = announcement;
        checkpoints.announced(announcement, at);
        means.add(announcement.checkpoint().step(), announcement.training());
        // Another process has the task now if it is further than the newest step here.
        live = live && announcement.checkpoint().step() <= step;
        if (!live) {
            remember(announcement.checkpoint().step(), announcement.training());
        }
    }

    /** Takes the scores of a checkpoint. */
    public synchronized void evaluation(CheckpointEvaluation evaluation) {
        Map<String, Double> values = new LinkedHashMap<>();
        evaluation.scores().forEach(score -> {
            String name = score.probeSet().name();
            if (probeSets.containsKey(name) || probeSets.size() < MAX_PROBE_SETS) {
                probeSets.put(
                        name,
                        new PageState.ProbeSet(
                                name,
                                score.probeSet().distribution() == Distribution.IN_DISTRIBUTION,
                                score.probeSet().examples()));
                values(score).forEach((kind, value) -> values.put(kind + SEPARATOR + name, value));
            }
        });
        scores.add(evaluation.checkpoint().step(), values);
        checkpoints.scored(evaluation.checkpoint().id(), evaluation.scores());
    }

    /** Two per score, so that {@value #MAX_PROBE_SETS} probe sets fit into a history. */
    private static Map<String, Double> values(ProbeScore score) {
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("accuracy", score.accuracy());
        if (score.negativeLogLikelihood() != null) {
            values.put("negativeLogLikelihood", score.negativeLogLikelihood());
        }
        if (score.meanSquaredError() != null) {
            values.put("meanSquaredError", score.meanSquaredError());
        }
        return values;
    }

    /** Takes a verdict. */
    public synchronized void modelUpdate(ModelUpdate update, Instant at) {
        checkpoints.judged(update, at);
    }

    /** Takes a drift event. */
    public synchronized void drift(DriftEvent event, Instant at) {
        drift.take(event, at);
    }

    /** Takes what became of a request by hand. */
    public synchronized void outcome(RequestOutcome outcome) {
        if (outcome.result() == RequestOutcome.Result.DONE) {
            ModelRequest request = outcome.request();
            switch (request.action()) {
                case HOLD -> hold = request.by() + ": " + request.reason();
                case RELEASE -> hold = null;
                case PROMOTE, ROLLBACK -> {
                    // Their verdicts say what they did.
                }
            }
        }
    }

    /** Takes a rejected record. */
    public synchronized void rejected(ConsumerRecord<String, byte[]> record) {
        rejected.take(record);
    }

    /** The update that made the current model current. */
    public synchronized Optional<ModelUpdate> champion() {
        return Optional.ofNullable(checkpoints.champion());
    }

    /** The newest checkpoint. */
    public synchronized Optional<CheckpointAnnouncement> newest() {
        return Optional.ofNullable(newest);
    }

    /** The task. */
    public Task task() {
        return task;
    }

    /** A part of a chart. */
    public synchronized Thinned extract(Extract wanted) {
        return switch (wanted.chart()) {
            case LOSS -> thinned(trained(wanted), lossTerms(trained(wanted)), wanted);
            case ACCURACY -> thinned(
                    trained(wanted),
                    List.of(TrainerListener.PREQUENTIAL_ACCURACY, TrainerListener.MINI_BATCH_ACCURACY),
                    wanted);
            case IN, OUT -> withoutPrefix(thinned(scores, scoreNames(wanted), wanted));
        };
    }

    private History trained(Extract wanted) {
        return wanted.perStep() ? steps : means;
    }

    private static List<String> lossTerms(History history) {
        return history.names().stream()
                .filter(name -> name.endsWith(LOSS))
                .sorted()
                .toList();
    }

    private List<String> scoreNames(Extract wanted) {
        boolean in = wanted.chart() == Chart.IN;
        return probeSets.values().stream()
                .filter(set -> set.inDistribution() == in)
                .map(set -> wanted.score() + SEPARATOR + set.name())
                .toList();
    }

    private static Thinned thinned(History history, List<String> names, Extract wanted) {
        return Thinned.of(history, names, wanted.from(), wanted.to(), wanted.width());
    }

    private static Thinned withoutPrefix(Thinned thinned) {
        return new Thinned(
                thinned.x(),
                thinned.series().stream()
                        .map(series -> new Thinned.Series(
                                series.name().substring(series.name().indexOf(SEPARATOR) + 1), series.values()))
                        .toList(),
                thinned.points(),
                thinned.thinned());
    }

    /** Everything but the charts. */
    synchronized PageState.Task shown(Map<String, Double> figures) {
        return new PageState.Task(
                task.name(),
                task.kind().isPair(),
                figures,
                new PageState.Training(new HashMap<>(losses), accuracy, step, checkpoints.examples()),
                models(),
                drift.shown(SHOWN_EPISODES),
                rejected.shown(),
                new PageState.Scores(
                        List.copyOf(probeSets.values()),
                        scores.names().stream()
                                .map(name -> name.substring(0, name.indexOf(SEPARATOR)))
                                .distinct()
                                .toList()));
    }

    private PageState.Models models() {
        return new PageState.Models(
                checkpoints.shownChampion(),
                checkpoints.shownNewest(),
                hold,
                checkpoints.shown(SHOWN_CHECKPOINTS),
                checkpoints.marks(),
                checkpoints.announcedInAll(),
                checkpoints.promotedInAll(),
                checkpoints.lineage(SHOWN_ANCESTORS),
                checkpoints.lineageIsWhole(SHOWN_ANCESTORS));
    }
}

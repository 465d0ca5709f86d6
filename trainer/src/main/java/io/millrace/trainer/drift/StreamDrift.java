package io.millrace.trainer.drift;

import io.millrace.schemas.DriftEvent;
import io.millrace.schemas.DriftEvent.Episode;
import io.millrace.schemas.DriftEvent.Reading;
import io.millrace.schemas.DriftEvent.ShownExample;
import io.millrace.schemas.DriftPhase;
import io.millrace.trainer.config.DriftConfig;
import io.millrace.trainer.config.TrainedTask;
import io.millrace.trainer.config.WatchedMetric;
import io.millrace.trainer.drift.detector.Memory;
import io.millrace.trainer.drift.detector.Window;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Watches the stream of one task for drift, example by example, before the model trains on them. Metrics that start to drift within one
 * cooldown belong to one episode. The state is of fixed size and part of the checkpoint: the same examples give the same state and events,
 * also across restarts. Checkpoints are counted with the first example after each.
 */
public final class StreamDrift {

    private final String task;
    private final DriftConfig config;
    private final Vocabulary vocabulary;
    private final List<Signal> signals;
    private final RecentExamples recent = new RecentExamples();
    private final Window errors;
    private List<OpenDrift> ended;
    private long seen;
    private long partition = -1;
    private boolean isAfterCheckpoint;
    private String episode = "";
    private long episodeGrew;

    /**
     * A metric that drifts.
     *
     * @param metric its name
     * @param episode the episode that it is in
     */
    record OpenDrift(String metric, String episode) {}

    /**
     * A metric as gauges show it.
     *
     * @param metric its name
     * @param evidence evidence for a change; the alarm is raised at 1
     * @param drifting whether it drifts
     */
    public record MetricState(String metric, double evidence, boolean drifting) {}

    /** The watch at the start of the stream. */
    public StreamDrift(TrainedTask trained) {
        this(trained, List.of());
    }

    /** A new watch; {@code ended} are drifts that an earlier one, with other settings, has left open. */
    StreamDrift(TrainedTask trained, List<OpenDrift> ended) {
        task = trained.task().name();
        config = trained.training().drift();
        vocabulary = new Vocabulary(config.reference(), config.toleranceOf(WatchedMetric.VOCABULARY));
        signals = Signals.of(config, trained.task().kind().isRegression(), vocabulary);
        errors = new Window(config.window());
        this.ended = ended;
    }

    /** Whether nothing was watched yet, so that there is nothing to save. */
    public boolean isEmpty() {
        return seen == 0 && ended.isEmpty();
    }

    /**
     * Takes the examples of a mini-batch.
     *
     * @param inPartition their partition
     * @param step optimizer steps done, this one included
     * @return the events, in their order
     */
    public List<DriftEvent> add(int inPartition, long step, List<Observation> batch) {
        List<DriftEvent> events = new ArrayList<>();
        ended.forEach(open -> events.add(closed(open, step)));
        ended = List.of();
        if (partition != inPartition) {
            signals.forEach(Signal::move);
            partition = inPartition;
        }
        if (isAfterCheckpoint) {
            isAfterCheckpoint = false;
            for (Signal signal : signals) {
                signal.checkpoint().ifPresent(phase -> events.add(event(signal, phase, step)));
            }
        }
        batch.forEach(next -> add(next, step, events));
        return events;
    }

    private void add(Observation next, long step, List<DriftEvent> events) {
        seen++;
        errors.add(next.right() ? 0 : 1);
        if (config.examples() > 0) {
            recent.add(next);
            if (!config.watches(WatchedMetric.VOCABULARY)) {
                vocabulary.take(next);
            }
        }
        for (Signal signal : signals) {
            signal.add(next).ifPresent(phase -> {
                if (phase == DriftPhase.STARTED) {
                    join(signal);
                }
                events.add(event(signal, phase, step));
            });
        }
    }

    /** A start within one cooldown of the newest start of the newest episode belongs to it. */
    private void join(Signal signal) {
        if (episode.isEmpty() || seen - episodeGrew > config.cooldown()) {
            episode = task + "/" + partition + "/" + signal.beganFirst();
        }
        episodeGrew = seen;
        signal.join(episode, partition);
    }

    private DriftEvent event(Signal signal, DriftPhase phase, long step) {
        boolean isShown = phase == DriftPhase.STARTED && config.examples() > 0;
        Episode part = new Episode(
                signal.episode(),
                signals.stream()
                        .filter(other -> other.episode().equals(signal.episode()))
                        .map(other -> other.metric().wireName())
                        .toList(),
                signal.severity(),
                signal.began(),
                isShown ? recent.typicalWords(signal.beganExamples(), vocabulary::share) : null,
                isShown ? shown(signal) : null);
        return new DriftEvent(
                task, phase, signal.metric().wireName(), signal.rule(phase), signal.reading(phase), step, part);
    }

    /** Of the recent examples since the drift began, those whose scores are farthest on its side; of equal ones the newest. */
    private List<ShownExample> shown(Signal signal) {
        double sign = signal.isRise() ? -1 : 1;
        return IntStream.range(0, (int) Math.min(signal.beganExamples(), recent.count()))
                .boxed()
                .sorted(Comparator.comparingDouble((Integer ago) -> sign * signal.scoreAgo(ago))
                        .thenComparing(Comparator.naturalOrder()))
                .limit(config.examples())
                .map(recent::ago)
                .toList();
    }

    private DriftEvent closed(OpenDrift open, long step) {
        return new DriftEvent(
                task,
                DriftPhase.RECOVERED,
                open.metric(),
                "none, the settings of training.drift have changed",
                new Reading(0, 0, 0, 0),
                step,
                new Episode(open.episode(), List.of(open.metric()), DriftEvent.Severity.MINOR, null, null, null));
    }

    /** Share of right predictions among the newest window of examples; NaN before the first. */
    public double accuracy() {
        return 1 - errors.mean();
    }

    /** The metrics that are watched, as they are now. */
    public List<MetricState> states() {
        return signals.stream()
                .map(signal -> new MetricState(signal.metric().wireName(), signal.evidence(), signal.isDrifting()))
                .toList();
    }

    /** Notes that a checkpoint contains everything so far. */
    void checkpointed() {
        isAfterCheckpoint = true;
    }

    /** Drifts whose end is still to be reported. */
    List<OpenDrift> ended() {
        return ended;
    }

    /** The metrics that drift, and those whose end is still to be reported. */
    List<OpenDrift> open() {
        List<OpenDrift> open = new ArrayList<>(ended);
        signals.stream()
                .filter(Signal::isDrifting)
                .map(signal -> new OpenDrift(signal.metric().wireName(), signal.episode()))
                .forEach(open::add);
        return open;
    }

    void keep(Memory memory) {
        seen = memory.number("seen", seen);
        partition = memory.number("partition", partition);
        episode = memory.text("episode", episode);
        episodeGrew = memory.number("episodeGrew", episodeGrew);
        errors.keep(memory.within("errors"));
        recent.keep(memory.within("recent"));
        for (Signal signal : signals) {
            signal.keep(memory.within(signal.metric().wireName()));
        }
        if (!config.watches(WatchedMetric.VOCABULARY)) {
            vocabulary.keep(memory.within(WatchedMetric.VOCABULARY.wireName()));
        }
    }
}

package io.millrace.trainer.drift;

import io.millrace.schemas.DriftEvent.Reading;
import io.millrace.schemas.DriftEvent.Severity;
import io.millrace.schemas.DriftPhase;
import io.millrace.schemas.FallBelowBest;
import io.millrace.schemas.OffsetRange;
import io.millrace.trainer.config.DriftConfig;
import io.millrace.trainer.config.WatchedMetric;
import io.millrace.trainer.drift.detector.Began;
import io.millrace.trainer.drift.detector.ChangeDetector;
import io.millrace.trainer.drift.detector.Memory;
import io.millrace.trainer.drift.detector.Scored;
import io.millrace.trainer.drift.detector.Window;

import java.util.Locale;
import java.util.Optional;

/**
 * One metric under watch. Its drift starts when the detector raises its alarm. It has recovered once a whole window of scores after that has
 * a mean that is tolerated. While it lasts, it is ongoing at the 1st, 2nd, 4th, 8th, 16th and 32nd checkpoint. At the
 * {@value FallBelowBest#LONGEST}th it ends in any case, and the reference is learned anew. After its end the metric is not watched for the
 * cooldown.
 */
final class Signal {

    /** A drift is major from so many times its tolerance on. */
    private static final double MAJOR = 4;

    private enum State {
        WATCHING,
        DRIFTING,
        COOLING
    }

    private final WatchedMetric metric;
    private final Statistic statistic;
    private final ChangeDetector detector;
    private final DriftConfig config;
    private final Window scores;
    private State state = State.WATCHING;
    private long since;
    private long checkpoints;
    private double reference;
    private double slack;
    private String episode = "";
    private long beganPartition;
    private long beganFirst;
    private long beganNext;
    private long beganExamples;
    private boolean isMajor;
    private boolean isNewBaseline;

    Signal(WatchedMetric metric, Statistic statistic, ChangeDetector detector, DriftConfig config) {
        this.metric = metric;
        this.statistic = statistic;
        this.detector = detector;
        this.config = config;
        scores = new Window(config.window());
    }

    /** Takes the next example; the phase that its drift enters, if any. */
    Optional<DriftPhase> add(Observation next) {
        Scored scored = statistic.take(next);
        if (scored == null) {
            return Optional.empty();
        }
        reference = scored.reference();
        slack = scored.slack();
        scores.add(statistic.changesScore() ? scored.excess() : scored.score());
        since++;
        return switch (state) {
            case WATCHING -> detector.add(scored, next.offset()) ? start() : Optional.empty();
            case DRIFTING -> since >= scores.size() && isTolerated() ? end(false) : Optional.empty();
            case COOLING -> cool();
        };
    }

    private Optional<DriftPhase> start() {
        Began began = detector.began();
        beganFirst = began.first();
        beganNext = began.next();
        beganExamples = Math.min(began.examples(), scores.count());
        isMajor = Math.abs(excess(beganExamples)) >= MAJOR * config.toleranceOf(metric);
        enter(State.DRIFTING);
        return Optional.of(DriftPhase.STARTED);
    }

    /** How far the mean of the newest scores is above the reference. */
    private double excess(long newest) {
        return scores.meanOfNewest(newest) - (statistic.changesScore() ? 0 : reference);
    }

    private boolean isTolerated() {
        double excess = excess(scores.count());
        return (statistic.isTwoSided() ? Math.abs(excess) : excess) <= slack + Window.RESOLUTION;
    }

    private Optional<DriftPhase> end(boolean newBaseline) {
        isNewBaseline = newBaseline;
        detector.reset();
        enter(State.COOLING);
        return Optional.of(DriftPhase.RECOVERED);
    }

    private Optional<DriftPhase> cool() {
        if (since >= config.cooldown()) {
            enter(State.WATCHING);
        }
        return Optional.empty();
    }

    private void enter(State next) {
        state = next;
        since = 0;
        checkpoints = 0;
    }

    /** Counts a checkpoint; the phase to report, if drift lasts. */
    Optional<DriftPhase> checkpoint() {
        if (state != State.DRIFTING) {
            return Optional.empty();
        }
        checkpoints++;
        if (checkpoints == FallBelowBest.LONGEST) {
            statistic.newBaseline();
            return end(true);
        }
        return Long.bitCount(checkpoints) == 1 ? Optional.of(DriftPhase.ONGOING) : Optional.empty();
    }

    /** The stream continues in another partition: the offsets so far say nothing about those to come. */
    void move() {
        if (state == State.WATCHING) {
            detector.reset();
        }
    }

    /** The reading of the newest phase; accuracy is shown where errors are counted. */
    Reading reading(DriftPhase phase) {
        long examples = phase == DriftPhase.STARTED ? beganExamples : scores.count();
        double rise = excess(examples);
        return metric == WatchedMetric.PREQUENTIAL_ACCURACY
                ? new Reading(1 - reference - rise, 1 - reference, rise, examples)
                : new Reading(reference + rise, reference, Math.abs(rise), examples);
    }

    /** The rule of the newest phase, with its numbers. */
    String rule(DriftPhase phase) {
        String rule = String.format(Locale.ROOT, "%s, tolerated %.3f", detector.rule(), slack);
        return phase == DriftPhase.RECOVERED && isNewBaseline
                ? rule + ", new baseline after " + FallBelowBest.LONGEST + " checkpoints"
                : rule;
    }

    /** Whether the mean has risen, of the scores since drift began. */
    boolean isRise() {
        return excess(beganExamples) >= 0;
    }

    /** The score of an example, higher or lower than that of another one of about the same time; the newest came 0 ago. */
    double scoreAgo(int ago) {
        return scores.ago(ago);
    }

    WatchedMetric metric() {
        return metric;
    }

    boolean isDrifting() {
        return state == State.DRIFTING;
    }

    double evidence() {
        return detector.evidence();
    }

    long beganFirst() {
        return beganFirst;
    }

    OffsetRange began() {
        return new OffsetRange((int) beganPartition, beganFirst, beganNext);
    }

    long beganExamples() {
        return beganExamples;
    }

    Severity severity() {
        return isMajor ? Severity.MAJOR : Severity.MINOR;
    }

    /** The newest episode that it was in; empty if none. */
    String episode() {
        return episode;
    }

    /** It has started to drift, in this episode and in the partition that is read now. */
    void join(String newEpisode, long partition) {
        episode = newEpisode;
        beganPartition = partition;
    }

    void keep(Memory memory) {
        statistic.keep(memory.within("statistic"));
        detector.keep(memory.within("detector"));
        scores.keep(memory.within("scores"));
        state = State.valueOf(memory.text("state", state.name()));
        since = memory.number("since", since);
        checkpoints = memory.number("checkpoints", checkpoints);
        reference = memory.real("reference", reference);
        slack = memory.real("slack", slack);
        episode = memory.text("episode", episode);
        beganPartition = memory.number("beganPartition", beganPartition);
        beganFirst = memory.number("beganFirst", beganFirst);
        beganNext = memory.number("beganNext", beganNext);
        beganExamples = memory.number("beganExamples", beganExamples);
        isMajor = memory.flag("isMajor", isMajor);
        isNewBaseline = memory.flag("isNewBaseline", isNewBaseline);
    }
}

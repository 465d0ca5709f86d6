package io.millrace.trainer.policy;

import io.millrace.schemas.Adjustments;
import io.millrace.schemas.DriftPhase;
import io.millrace.schemas.PolicyState;
import io.millrace.schemas.ProbeScore;
import io.millrace.schemas.Reaction;
import io.millrace.schemas.Reaction.ProbeReuse;
import io.millrace.schemas.text.LogSafe;
import io.millrace.trainer.config.PolicyConfig;
import io.millrace.trainer.config.TrainedTask;
import io.millrace.trainer.policy.VerdictFeed.LocatedVerdict;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The policy of a task while it trains. It collects verdicts and drift, and decides when a checkpoint is taken. A change holds from that
 * moment on: its manifest has the state that training continues from, its announcement the reactions. So neither a crash nor a
 * takeover loses or repeats a reaction, and the adjustments of a checkpoint are those that its parent's state says.
 */
public final class TrainingPolicy implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TrainingPolicy.class);

    private static final Duration POLL_EVERY = Duration.ofSeconds(1);
    private static final int MAX_NAME_CHARS = 128;

    private final String task;
    private final PolicyConfig config;
    private final Policy policy;
    private final Optional<VerdictFeed> feed;
    private final Consumer<Adjustments> learner;
    private final Meters meters;
    private final ProbeReuseCounts reuse;
    private final VerdictRun run;
    private PolicyState state;
    private Optional<DriftPhase> drift = Optional.empty();
    private List<Reaction> undecided = List.of();
    private Optional<Reaction> returning = Optional.empty();
    private Optional<Duration> lastPoll = Optional.empty();

    /** What the policy shows of itself. */
    public interface Meters {

        /** Counts a reaction. */
        void reaction(Reaction reaction);

        /** Shows how often training has reacted to verdicts on the version of a probe set that the newest verdict rests on. */
        void probeReuse(String probeSet, int reactions);
    }

    /**
     * A policy that resumes, and puts {@code learner} under the adjustments of its state.
     *
     * @param feed the verdicts; empty for a task without a policy
     */
    public TrainingPolicy(
            TrainedTask trained,
            PolicyHistory history,
            Optional<VerdictFeed> feed,
            Consumer<Adjustments> learner,
            Meters meters) {
        task = trained.task().name();
        config = trained.training().policy();
        policy = new Policy(config, trained.training().replay());
        this.feed = feed;
        this.learner = learner;
        this.meters = meters;
        reuse = new ProbeReuseCounts(history.reactions());
        run = new VerdictRun(history.sinceChange());
        state = policy.resumed(history.state().orElse(PolicyState.START));
        learner.accept(state.next());
        history.reactions().stream()
                .flatMap(reaction -> reaction.probeSets().stream())
                .forEach(probe -> meters.probeReuse(probe.probeSet(), probe.reactions()));
    }

    /** Takes the verdicts that have arrived, if a second has passed since it last did. */
    public void poll(Duration now) {
        if (lastPoll.isEmpty() || now.minus(lastPoll.get()).compareTo(POLL_EVERY) >= 0) {
            lastPoll = Optional.of(now);
            takeVerdicts();
        }
    }

    private void takeVerdicts() {
        feed.ifPresent(verdicts -> {
            for (LocatedVerdict verdict : verdicts.poll()) {
                run.add(verdict);
                for (ProbeScore score : verdict.update().scores()) {
                    meters.probeReuse(score.probeSet().name(), reuse.of(score.probeSet()));
                }
            }
        });
    }

    /** Takes a phase of drift that was reported. */
    public void drift(DriftPhase phase) {
        drift = Optional.of(phase);
    }

    /** Decides, says what the checkpoint about to be taken records, and puts the learner under the state after it. */
    public PolicyRecord beforeCheckpoint() {
        if (feed.isEmpty()) {
            return PolicyRecord.NONE;
        }
        takeVerdicts();
        Adjustments trainedUnder = state.next();
        Policy.Observed seen = new Policy.Observed(run.rejections(), run.promotion(), drift);
        Policy.Decision decision = policy.decide(state, seen, reuse);
        undecided = decision.reactions();
        returning = decision.returning();
        drift = Optional.empty();
        run.boundaryPassed();
        if (!undecided.isEmpty()) {
            run.changed();
        } else if (returning.isEmpty() && policy.isRejected(seen)) {
            LOG.info(
                    "task {}: {} rejections in a row change nothing: the adjustment is at its bound",
                    task,
                    config.after());
            run.forgetRejections();
        }
        state = decision.state().readingFrom(run.firstNeeded(feed.get().position()));
        if (!undecided.isEmpty()) {
            learner.accept(state.next());
        }
        return PolicyRecord.of(trainedUnder, state, undecided);
    }

    /** Takes the checkpoint that has been announced with that record. */
    public void written(String checkpoint) {
        if (undecided.isEmpty()) {
            run.written(checkpoint);
        } else {
            undecided.forEach(this::reacted);
            undecided = List.of();
        }
    }

    private void reacted(Reaction reaction) {
        reuse.add(reaction);
        report(reaction, task, config, meters);
    }

    /** Counts a reaction that was announced, logs it, and warns of the probe set that is used most if its budget is spent. */
    public static void report(Reaction reaction, String task, PolicyConfig config, Meters meters) {
        LOG.info(
                "task {}: {} answers {}{}: trained under {} until now, under {} from now on",
                task,
                reaction.action().wireName(),
                reaction.cause().wireName(),
                reaction.verdictOn() == null ? "" : " of " + reaction.verdictOn(),
                words(reaction.before()),
                words(reaction.after()));
        meters.reaction(reaction);
        reaction.probeSets().forEach(probe -> meters.probeReuse(probe.probeSet(), probe.reactions()));
        reaction.probeSets().stream()
                .max(Comparator.comparingInt(ProbeReuse::reactions))
                .filter(probe -> probe.reactions() >= config.reuseBudget())
                .ifPresent(probe -> LOG.warn(
                        "task {}: training has answered {} verdicts that rest on version {} of probe set {}, and policy.reuseBudget is"
                                + " {}: its scores may be too good by now. Load examples that no verdict was based on, or set"
                                + " policy.onRejection to continue.",
                        task,
                        probe.reactions(),
                        probe.version(),
                        LogSafe.line(probe.probeSet(), MAX_NAME_CHARS),
                        config.reuseBudget()));
    }

    private static String words(Adjustments adjustments) {
        return "learning rate x " + adjustments.learningRateFactor() + ", lambda x " + adjustments.lambdaFactor()
                + ", replay share "
                + (adjustments.replayShare() == null
                        ? "as configured"
                        : adjustments.replayShare().toString());
    }

    /** Whether training should return to the champion now, just after a checkpoint. */
    public boolean returns() {
        return returning.isPresent();
    }

    /** Continues without the return: there is no champion to return to. The count of rejections starts anew. */
    public void stay() {
        returning = Optional.empty();
        run.forgetRejections();
    }

    /** What the checkpoints record that restore an earlier one, after a loss explosion or to return to the champion. */
    public PolicyRecord rollingBack() {
        if (feed.isEmpty()) {
            return PolicyRecord.NONE;
        }
        PolicyState next = state.rolledBack().readingFrom(feed.get().position());
        return PolicyRecord.of(Adjustments.NONE, next, returning.stream().toList());
    }

    @Override
    public void close() {
        feed.ifPresent(VerdictFeed::close);
    }
}

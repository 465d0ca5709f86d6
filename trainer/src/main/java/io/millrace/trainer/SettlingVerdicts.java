package io.millrace.trainer;

import io.millrace.schemas.PolicyState.VerdictPosition;
import io.millrace.trainer.policy.VerdictFeed;

import java.util.List;
import java.util.function.Predicate;

/**
 * Verdicts of a task whose checkpoints are announced beside training. A verdict may come before training has heard that its checkpoint is
 * announced: then it hears that first.
 */
final class SettlingVerdicts implements VerdictFeed {

    private final VerdictFeed feed;
    private final Predicate<String> isSettled;
    private final Runnable settle;

    /**
     * The verdicts of {@code feed}.
     *
     * @param isSettled whether training knows that the checkpoint with an id is announced
     * @param settle waits for the checkpoint under way
     */
    SettlingVerdicts(VerdictFeed feed, Predicate<String> isSettled, Runnable settle) {
        this.feed = feed;
        this.isSettled = isSettled;
        this.settle = settle;
    }

    @Override
    public List<LocatedVerdict> poll() {
        List<LocatedVerdict> verdicts = feed.poll();
        if (!verdicts.stream()
                .map(verdict -> verdict.update().model().checkpoint().id())
                .allMatch(isSettled)) {
            settle.run();
        }
        return verdicts;
    }

    @Override
    public VerdictPosition position() {
        return feed.position();
    }

    @Override
    public void close() {
        feed.close();
    }
}

package io.millrace.trainer.policy;

import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.PolicyState.VerdictPosition;
import io.millrace.schemas.Verdict;
import io.millrace.trainer.policy.VerdictFeed.LocatedVerdict;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The verdicts that the next reaction may depend on: those on checkpoints trained since the newest change, in the order in which they
 * were published. A verdict on an earlier checkpoint, or on one of an abandoned branch, says nothing about training as it is now.
 */
final class VerdictRun {

    /** Checkpoints trained since the newest change that have no verdict yet. */
    private final Set<String> awaited;

    private final List<LocatedVerdict> rejections = new ArrayList<>();
    private Optional<ModelUpdate> promotion = Optional.empty();

    /** A run without verdicts; {@code awaited} are the checkpoints trained since the newest change. */
    VerdictRun(Collection<String> awaited) {
        this.awaited = new HashSet<>(awaited);
    }

    /** Adds a verdict. A promotion ends a run of rejections; a rejection that does not count changes nothing. */
    void add(LocatedVerdict located) {
        ModelUpdate update = located.update();
        if (!awaited.remove(update.model().checkpoint().id())) {
            return;
        }
        if (update.verdict() == Verdict.PROMOTED) {
            rejections.clear();
            promotion = Optional.of(update);
        } else if (CountedRejection.is(update)) {
            rejections.add(located);
        }
    }

    /** Adds a checkpoint that was trained since the newest change. */
    void written(String checkpoint) {
        awaited.add(checkpoint);
    }

    /** The rejections in a row. */
    List<ModelUpdate> rejections() {
        return rejections.stream().map(LocatedVerdict::update).toList();
    }

    /** The newest promotion since the last checkpoint. */
    Optional<ModelUpdate> promotion() {
        return promotion;
    }

    /** Forgets the promotion, which has had its effect. */
    void boundaryPassed() {
        promotion = Optional.empty();
    }

    /** Starts the count of rejections anew. */
    void forgetRejections() {
        rejections.clear();
    }

    /** Starts anew: training has changed, and no checkpoint is trained since. */
    void changed() {
        awaited.clear();
        rejections.clear();
        promotion = Optional.empty();
    }

    /** The first verdict that is still needed, where reading resumes after a restart; {@code next} if none is. */
    VerdictPosition firstNeeded(VerdictPosition next) {
        return rejections.isEmpty()
                ? next
                : new VerdictPosition(next.partition(), rejections.get(0).offset());
    }
}

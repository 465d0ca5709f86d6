package io.millrace.evaluator.state;

import io.millrace.schemas.ByHand;
import io.millrace.schemas.ModelRequest.Action;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.ModelUpdate.CurrentModel;
import io.millrace.schemas.Origin;
import io.millrace.schemas.RequestOutcome;
import io.millrace.schemas.Verdict;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What has been done to a task's models by hand: the part of {@link TaskHistory} that requests change.
 *
 * @param nextOffsets the first offset of {@code model-requests} that is not yet executed, by partition
 * @param hold while the gate promotes nothing
 * @param withdrawn ids of promoted models that were rolled back from and not promoted again since
 */
public record RequestState(Map<Integer, Long> nextOffsets, Optional<ByHand.Hold> hold, List<String> withdrawn) {

    /** Of a task that nobody has touched. */
    static final RequestState NONE = new RequestState(Map.of(), Optional.empty(), List.of());

    public RequestState {
        nextOffsets = Map.copyOf(nextOffsets);
        withdrawn = List.copyOf(withdrawn);
    }

    static RequestState of(@Nullable ByHand byHand) {
        return byHand == null
                ? NONE
                : new RequestState(
                        byHand.done().stream()
                                .collect(Collectors.toMap(
                                        ByHand.NextOffset::partition, ByHand.NextOffset::next, Math::max)),
                        Optional.ofNullable(byHand.hold()),
                        byHand.withdrawn());
    }

    /** As a part of the snapshot; null if nothing has been done. */
    @Nullable
    ByHand snapshot() {
        return equals(NONE)
                ? null
                : new ByHand(
                        new TreeMap<>(nextOffsets)
                                .entrySet().stream()
                                        .map(done -> new ByHand.NextOffset(done.getKey(), done.getValue()))
                                        .toList(),
                        hold.orElse(null),
                        withdrawn);
    }

    /** Whether the request at this place has been executed or refused. */
    boolean isDone(Origin origin) {
        return origin.offset() < nextOffsets.getOrDefault(origin.partition(), 0L);
    }

    RequestState after(RequestOutcome outcome) {
        Origin origin = outcome.origin();
        Map<Integer, Long> next = new TreeMap<>(nextOffsets);
        next.merge(origin.partition(), origin.offset() + 1, Math::max);
        return new RequestState(next, holdAfter(outcome), withdrawn);
    }

    private Optional<ByHand.Hold> holdAfter(RequestOutcome outcome) {
        Action action = outcome.request().action();
        if (outcome.result() == RequestOutcome.Result.DONE && action == Action.RELEASE) {
            return Optional.empty();
        }
        if (outcome.result() == RequestOutcome.Result.DONE && action == Action.HOLD) {
            return Optional.of(new ByHand.Hold(
                    outcome.request().by(),
                    outcome.request().reason(),
                    Instant.ofEpochMilli(outcome.origin().timestampMs())));
        }
        return hold;
    }

    /**
     * After a verdict.
     *
     * @param before the champion before it
     * @param promoted the ids of the promoted models after it
     */
    RequestState after(ModelUpdate update, Optional<CurrentModel> before, List<String> promoted) {
        List<String> after = new ArrayList<>(withdrawn);
        if (update.verdict() == Verdict.ROLLED_BACK) {
            before.map(model -> model.model().checkpoint().id())
                    .filter(id -> !after.contains(id))
                    .ifPresent(after::add);
        }
        if (update.verdict() != Verdict.REJECTED) {
            after.remove(update.model().checkpoint().id());
            after.retainAll(promoted);
        }
        return after.equals(withdrawn) ? this : new RequestState(nextOffsets, hold, after);
    }
}

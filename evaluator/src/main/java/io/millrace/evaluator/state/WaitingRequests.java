package io.millrace.evaluator.state;

import io.millrace.schemas.ModelRequest;
import io.millrace.schemas.Origin;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The requests on {@code model-requests} that are not known to be executed. */
final class WaitingRequests {

    /** Those of one partition must stay in order: executing one settles all before it. */
    private static final Comparator<LocatedRequest> IN_ORDER = Comparator.comparing(
            LocatedRequest::origin, Comparator.comparingInt(Origin::partition).thenComparingLong(Origin::offset));

    private final Map<String, List<LocatedRequest>> byTask = new HashMap<>();

    /** For tasks of these names; requests for others are left out. */
    WaitingRequests(Collection<String> tasks) {
        tasks.forEach(task -> byTask.put(task, new ArrayList<>()));
    }

    /** Takes the next record of a partition. The fault, if it is no request. */
    Optional<String> apply(ConsumerRecord<String, byte[]> record) {
        List<LocatedRequest> waiting = byTask.get(record.key());
        if (waiting == null) {
            return Optional.empty();
        }
        try {
            ModelRequest request =
                    Topics.MODEL_REQUESTS.valueSerde().deserializer().deserialize(record.topic(), record.value());
            if (request == null) {
                return Optional.of("expected a request, got none");
            }
            if (!request.task().equals(record.key())) {
                return Optional.of("the key must be the task: expected " + request.task() + ", got " + record.key());
            }
            waiting.add(new LocatedRequest(
                    request, new Origin(record.topic(), record.partition(), record.offset(), record.timestamp())));
            return Optional.empty();
        } catch (SerializationException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    boolean hasAny(String task) {
        return !of(task).isEmpty();
    }

    /** The oldest request of a task that is not done; forgets those that are. */
    Optional<LocatedRequest> next(String task, RequestState done) {
        List<LocatedRequest> waiting = of(task);
        waiting.removeIf(request -> done.isDone(request.origin()));
        return waiting.stream().min(IN_ORDER);
    }

    private List<LocatedRequest> of(String task) {
        return Objects.requireNonNull(byTask.get(task), "the task must be one of the configured ones");
    }
}

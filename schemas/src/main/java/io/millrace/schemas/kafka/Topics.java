package io.millrace.schemas.kafka;

import static java.util.Objects.requireNonNull;

import io.millrace.schemas.AcceptedExample;
import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.CheckpointEvaluation;
import io.millrace.schemas.DriftEvent;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.ModelRequest;
import io.millrace.schemas.ModelUpdate;
import io.millrace.schemas.ProbeExample;
import io.millrace.schemas.RequestOutcome;
import io.millrace.schemas.TaskHistorySnapshot;
import io.millrace.schemas.UnlabelledText;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.Serdes;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/**
 * Every topic of Millrace, by its name without a prefix: {@link KafkaConnection#topic} gives the name on a broker. The key is the task's
 * name, so that a task's examples stay in one partition and in order; on {@link #PROBES} it is {@code task/probeSet/id}.
 */
public final class Topics {

    private static final int PARTITIONS = 4;

    /** How long a new topic may take until the broker that was asked knows it. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final int POLL_MS = 20;

    /** Written by users, as {@link LabelledExample}; raw bytes here, because any bytes may arrive. */
    public static final Topic<byte[]> EXAMPLES =
            new Topic<>("examples", Serdes.ByteArray(), PARTITIONS, Topic.Keeps.A_WEEK_OF_ANYTHING);

    public static final Topic<UnlabelledText> TEXTS = topic("texts", UnlabelledText.class, Topic.Keeps.A_WEEK);

    public static final Topic<ProbeExample> PROBES = topic("probes", ProbeExample.class, Topic.Keeps.THE_NEWEST);

    public static final Topic<AcceptedExample> ACCEPTED_EXAMPLES =
            topic("accepted-examples", AcceptedExample.class, Topic.Keeps.A_WEEK);

    /** The original bytes, with the reason in {@link RejectionHeaders}. */
    public static final Topic<byte[]> REJECTED_EXAMPLES =
            new Topic<>("rejected-examples", Serdes.ByteArray(), PARTITIONS, Topic.Keeps.A_WEEK_OF_ANYTHING);

    public static final Topic<CheckpointAnnouncement> CHECKPOINTS =
            topic("checkpoints", CheckpointAnnouncement.class, Topic.Keeps.EVERYTHING);

    public static final Topic<CheckpointEvaluation> EVALUATIONS =
            topic("evaluations", CheckpointEvaluation.class, Topic.Keeps.EVERYTHING);

    public static final Topic<DriftEvent> DRIFT = topic("drift", DriftEvent.class, Topic.Keeps.EVERYTHING);

    public static final Topic<ModelUpdate> MODEL_UPDATES =
            topic("model-updates", ModelUpdate.class, Topic.Keeps.EVERYTHING);

    /** Written by {@code millrace models}, or by whoever has the right to write there. */
    public static final Topic<ModelRequest> MODEL_REQUESTS =
            topic("model-requests", ModelRequest.class, Topic.Keeps.EVERYTHING);

    public static final Topic<RequestOutcome> REQUEST_OUTCOMES =
            topic("request-outcomes", RequestOutcome.class, Topic.Keeps.EVERYTHING);

    /**
     * A task's state from {@link #MODEL_UPDATES}, {@link #REQUEST_OUTCOMES} and {@link #EVALUATIONS}; those remain the proof.
     */
    public static final Topic<TaskHistorySnapshot> TASK_HISTORIES =
            topic("task-histories", TaskHistorySnapshot.class, Topic.Keeps.THE_NEWEST);

    public static final List<Topic<?>> ALL = List.of(
            EXAMPLES,
            TEXTS,
            PROBES,
            ACCEPTED_EXAMPLES,
            REJECTED_EXAMPLES,
            CHECKPOINTS,
            EVALUATIONS,
            DRIFT,
            MODEL_UPDATES,
            MODEL_REQUESTS,
            REQUEST_OUTCOMES,
            TASK_HISTORIES);

    private Topics() {}

    /**
     * Creates the missing topics, and checks how the others are configured: what every service does first.
     *
     * @return what is wrong without losing anything that is needed, and what could not be checked: a sentence each
     * @throws IllegalStateException if indispensable records would be lost; it names every fault and the
     *     commands that fix it
     */
    public static List<String> prepare(KafkaConnection kafka, Admin admin) throws InterruptedException {
        createMissing(kafka, admin);
        return check(kafka, admin, ALL);
    }

    /**
     * Checks how existing topics are configured, and changes nothing.
     *
     * @param topics those to check, named without the prefix
     * @return as {@link #prepare}
     * @throws IllegalStateException as {@link #prepare}
     */
    public static List<String> check(KafkaConnection kafka, Admin admin, List<Topic<?>> topics)
            throws InterruptedException {
        try {
            return new TopicConfigs(admin).check(named(kafka, topics));
        } catch (ExecutionException e) {
            throw notChecked(e);
        }
    }

    /** The faults that {@link #check} puts into words, one by one; changes nothing. */
    public static TopicFaults examine(KafkaConnection kafka, Admin admin, List<Topic<?>> topics)
            throws InterruptedException {
        try {
            return new TopicConfigs(admin).examine(named(kafka, topics));
        } catch (ExecutionException e) {
            throw notChecked(e);
        }
    }

    private static IllegalStateException notChecked(ExecutionException e) {
        Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
        return new IllegalStateException(
                "cannot check the topics: " + cause.getMessage() + ". Check kafka.bootstrapServers.", cause);
    }

    /**
     * Creates the missing topics and returns when the leaders of their partitions serve; safe to call from several processes at once.
     *
     * @return the names on the broker of those that this call has created
     */
    public static List<String> createMissing(KafkaConnection kafka, Admin admin) throws InterruptedException {
        try {
            Set<String> present = admin.listTopics().names().get();
            List<NewTopic> missing = new ArrayList<>();
            for (Topic<?> topic : named(kafka, ALL)) {
                if (!present.contains(topic.name())) {
                    missing.add(topic.definition());
                }
            }
            List<NewTopic> created = new ArrayList<>();
            Map<String, KafkaFuture<Void>> creations =
                    admin.createTopics(missing).values();
            for (NewTopic topic : missing) {
                try {
                    requireNonNull(creations.get(topic.name())).get();
                    created.add(topic);
                } catch (ExecutionException e) {
                    if (!(e.getCause() instanceof TopicExistsException)) {
                        throw e;
                    }
                }
            }
            awaitLeaders(admin, created);
            return created.stream().map(NewTopic::name).toList();
        } catch (ExecutionException e) {
            Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
            throw new IllegalStateException(
                    "cannot create topics: " + cause.getMessage()
                            + ". Check kafka.bootstrapServers and that this user may create topics.",
                    cause);
        }
    }

    /**
     * A leader is named before it serves. A producer that meets it in between may have its first batch refused and its second accepted;
     * then the first is out of order until it expires. Only a leader that serves says what its end offset is.
     */
    private static void awaitLeaders(Admin admin, List<NewTopic> created)
            throws InterruptedException, ExecutionException {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        Set<String> names = new HashSet<>();
        for (NewTopic topic : created) {
            names.add(topic.name());
            for (int partition = 0; partition < topic.numPartitions(); partition++) {
                asked.put(new TopicPartition(topic.name(), partition), OffsetSpec.latest());
            }
        }
        long deadlineNanos = System.nanoTime() + PATIENCE.toNanos();
        while (!admin.listTopics().names().get().containsAll(names) && System.nanoTime() < deadlineNanos) {
            Thread.sleep(POLL_MS);
        }
        // The client asks again while a leader does not serve.
        admin.listOffsets(asked).all().get();
    }

    private static List<Topic<?>> named(KafkaConnection kafka, List<Topic<?>> topics) {
        List<Topic<?>> named = new ArrayList<>();
        topics.forEach(topic -> named.add(kafka.topic(topic)));
        return named;
    }

    private static <V> Topic<V> topic(String name, Class<V> type, Topic.Keeps keeps) {
        return new Topic<>(name, new JsonSerde<>(type), PARTITIONS, keeps);
    }
}

package io.millrace.app.page;

import static java.util.Objects.requireNonNull;

import io.millrace.app.page.view.PageView;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.RejectedRecords;
import io.millrace.schemas.kafka.Topic;
import io.millrace.schemas.kafka.Topics;
import io.millrace.schemas.text.LogSafe;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Reads the topics that the page shows, from their beginnings on, and folds them. It reads only what its user may read, in no consumer
 * group, and the service works on if it fails: then the page says so, and it tries again.
 */
final class PageFeed implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PageFeed.class);

    private static final List<Topic<?>> TOPICS = List.of(
            Topics.CHECKPOINTS,
            Topics.EVALUATIONS,
            Topics.DRIFT,
            Topics.MODEL_UPDATES,
            Topics.REQUEST_OUTCOMES,
            Topics.REJECTED_EXAMPLES);

    /** The rejected records may be as many as the examples: only so many of the newest per partition are read at the start. */
    private static final long REJECTED_PER_PARTITION = 5000;

    private static final Duration POLL = Duration.ofMillis(500);
    private static final long AGAIN_S = 10;
    private static final String NOTE = "broker";
    private static final String RIGHTS = "rights";

    private final KafkaConnection kafka;
    private final PageView view;
    private final Thread thread = new Thread(this::run, "page-feed");
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Map<TopicPartition, Long> next = new HashMap<>();
    private volatile @Nullable KafkaConsumer<String, byte[]> consumer;
    private long unreadable;

    PageFeed(KafkaConnection kafka, PageView view) {
        this.kafka = kafka;
        this.view = view;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    @Override
    public void close() {
        closing.countDown();
        KafkaConsumer<String, byte[]> reading = consumer;
        if (reading != null) {
            reading.wakeup();
        }
        try {
            thread.join(TimeUnit.SECONDS.toMillis(AGAIN_S));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            do {
                follow();
            } while (!closing.await(AGAIN_S, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Reads until it is closed or something fails; what was read is not read again. */
    private void follow() throws InterruptedException {
        try (KafkaConsumer<String, byte[]> reading = open()) {
            consumer = reading;
            List<TopicPartition> partitions = assign(reading);
            view.forget(NOTE);
            while (closing.getCount() > 0) {
                for (ConsumerRecord<String, byte[]> record : reading.poll(POLL)) {
                    fold(record);
                    next.put(new TopicPartition(record.topic(), record.partition()), record.offset() + 1);
                }
                if (partitions.isEmpty() && closing.await(AGAIN_S, TimeUnit.SECONDS)) {
                    return;
                }
            }
        } catch (WakeupException e) {
            // It is being closed.
        } catch (KafkaException | ExecutionException e) {
            Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
            LOG.warn("The page cannot read its topics, and tries again: {}", cause.getMessage());
            view.note(
                    NOTE,
                    "The page is out of date: the broker did not answer (" + cause.getMessage()
                            + "). It tries again every " + AGAIN_S + " s.");
        } finally {
            consumer = null;
        }
    }

    private KafkaConsumer<String, byte[]> open() {
        Map<String, Object> settings = kafka.serviceProperties();
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        // Retention may remove rejected records while they are read.
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        return new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
    }

    private List<TopicPartition> assign(KafkaConsumer<String, byte[]> reading)
            throws ExecutionException, InterruptedException {
        List<TopicPartition> partitions = readable();
        reading.assign(partitions);
        List<TopicPartition> rejected = partitions.stream()
                .filter(partition -> partition.topic().equals(kafka.named(Topics.REJECTED_EXAMPLES.name())))
                .toList();
        Map<TopicPartition, Long> beginnings = reading.beginningOffsets(partitions);
        Map<TopicPartition, Long> ends = reading.endOffsets(rejected);
        for (TopicPartition partition : partitions) {
            long first = beginnings.getOrDefault(partition, 0L);
            long end = ends.getOrDefault(partition, 0L);
            reading.seek(partition, next.getOrDefault(partition, Math.max(first, end - REJECTED_PER_PARTITION)));
        }
        return partitions;
    }

    /** Asks for its rights first: a refused read would be in the broker's log, and would end the consumer. */
    private List<TopicPartition> readable() throws ExecutionException, InterruptedException {
        List<TopicPartition> partitions = new ArrayList<>();
        List<String> closed = new ArrayList<>();
        try (Admin admin = Admin.create(kafka.clientProperties())) {
            Map<String, KafkaFuture<TopicDescription>> described = admin.describeTopics(
                            TOPICS.stream()
                                    .map(topic -> kafka.named(topic.name()))
                                    .toList(),
                            new DescribeTopicsOptions().includeAuthorizedOperations(true))
                    .topicNameValues();
            for (Topic<?> topic : TOPICS) {
                Optional<TopicDescription> description =
                        ifVisible(requireNonNull(described.get(kafka.named(topic.name()))));
                if (description.isPresent()
                        && description.get().authorizedOperations().contains(AclOperation.READ)) {
                    description
                            .get()
                            .partitions()
                            .forEach(partition -> partitions.add(
                                    new TopicPartition(description.get().name(), partition.partition())));
                } else {
                    closed.add(topic.name());
                }
            }
        }
        if (closed.isEmpty()) {
            view.forget(RIGHTS);
        } else {
            view.note(
                    RIGHTS,
                    "This process's user has no READ on " + String.join(", ", closed)
                            + ": what is there is not shown here. docs/security.md says how to grant it.");
        }
        return partitions;
    }

    private static Optional<TopicDescription> ifVisible(KafkaFuture<TopicDescription> described)
            throws ExecutionException, InterruptedException {
        try {
            return Optional.of(described.get());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AuthorizationException) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private void fold(ConsumerRecord<String, byte[]> record) {
        String task = is(record, Topics.REJECTED_EXAMPLES)
                ? RejectedRecords.taskOf(record.key(), record.headers())
                : record.key();
        if (task == null) {
            return;
        }
        try {
            fold(task, record, Instant.ofEpochMilli(record.timestamp()));
        } catch (RuntimeException e) {
            unreadable++;
            LOG.debug("The page left out a record of {}", record.topic(), e);
            view.note(
                    "unreadable",
                    "Records that could not be read, and are not shown: " + unreadable + "; the newest: "
                            + LogSafe.line(record.topic() + " " + record.partition() + ":" + record.offset(), 100));
        }
    }

    private void fold(String task, ConsumerRecord<String, byte[]> record, Instant at) {
        if (is(record, Topics.REJECTED_EXAMPLES)) {
            view.fold(task, fold -> fold.rejected(record));
        } else if (record.value() == null) {
            return;
        } else if (is(record, Topics.CHECKPOINTS)) {
            var value = read(Topics.CHECKPOINTS, record);
            view.fold(task, fold -> fold.checkpoint(value, at));
        } else if (is(record, Topics.EVALUATIONS)) {
            var value = read(Topics.EVALUATIONS, record);
            view.fold(task, fold -> fold.evaluation(value));
        } else if (is(record, Topics.DRIFT)) {
            var value = read(Topics.DRIFT, record);
            view.fold(task, fold -> fold.drift(value, at));
        } else if (is(record, Topics.MODEL_UPDATES)) {
            var value = read(Topics.MODEL_UPDATES, record);
            view.fold(task, fold -> fold.modelUpdate(value, at));
        } else {
            var value = read(Topics.REQUEST_OUTCOMES, record);
            view.fold(task, fold -> fold.outcome(value));
        }
    }

    private boolean is(ConsumerRecord<String, byte[]> record, Topic<?> topic) {
        return record.topic().equals(kafka.named(topic.name()));
    }

    private static <V> V read(Topic<V> topic, ConsumerRecord<String, byte[]> record) {
        try (Deserializer<V> deserializer = topic.valueSerde().deserializer()) {
            return deserializer.deserialize(topic.name(), record.value());
        }
    }
}

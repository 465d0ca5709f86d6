package io.millrace.evaluator;

import io.millrace.evaluator.config.EvaluatedTask;
import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.kafka.Topics;
import io.millrace.schemas.text.LogSafe;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads what comes on {@code checkpoints}: nothing of it is believed before it is checked. */
final class AnnouncementReader {

    /** What a checkpoint id must look like: it becomes the name of a directory, and one with a leading dot is hidden. */
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    /** Longest location and hash: the verdict repeats them, and has to stay within what Kafka takes in one record. */
    private static final int MAX_CHARS = 1024;

    private static final Logger LOG = LoggerFactory.getLogger(AnnouncementReader.class);

    private final Map<String, EvaluatedTask> tasks;

    AnnouncementReader(List<EvaluatedTask> tasks) {
        this.tasks = tasks.stream().collect(Collectors.toMap(task -> task.task().name(), Function.identity()));
    }

    Reading read(ConsumerRecord<String, byte[]> record) {
        CheckpointAnnouncement announcement;
        try {
            announcement = deserialized(record);
        } catch (SerializationException e) {
            return malformed(record, e.getMessage());
        }
        Optional<String> fault = fault(record.key(), announcement);
        if (fault.isPresent()) {
            return malformed(record, fault.get());
        }
        EvaluatedTask task = tasks.get(announcement.checkpoint().task());
        if (task == null) {
            LOG.warn(
                    "Skipping checkpoint {} at {}-{}@{}: task {} is not one of {}. No evaluator of this group will judge it.",
                    announcement.checkpoint().id(),
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    LogSafe.quoted(announcement.checkpoint().task()),
                    tasks.keySet());
            return new Skipped(SkipReason.UNKNOWN_TASK);
        }
        return new Announced(task, announcement);
    }

    /** Whether a record announces a checkpoint of {@code task}. */
    boolean isOf(EvaluatedTask task, ConsumerRecord<String, byte[]> record) {
        if (!task.task().name().equals(record.key())) {
            return false;
        }
        try {
            return fault(record.key(), deserialized(record)).isEmpty();
        } catch (SerializationException e) {
            return false;
        }
    }

    private static CheckpointAnnouncement deserialized(ConsumerRecord<String, byte[]> record) {
        return Topics.CHECKPOINTS.valueSerde().deserializer().deserialize(record.topic(), record.value());
    }

    private static Reading malformed(ConsumerRecord<String, byte[]> record, String fault) {
        LOG.warn(
                "Skipping malformed announcement at {}-{}@{}: {}.",
                record.topic(),
                record.partition(),
                record.offset(),
                fault);
        return new Skipped(SkipReason.MALFORMED);
    }

    private static Optional<String> fault(String key, CheckpointAnnouncement announcement) {
        if (announcement == null || announcement.checkpoint() == null || announcement.offsets() == null) {
            return Optional.of("expected an object with checkpoint and offsets");
        }
        CheckpointReference checkpoint = announcement.checkpoint();
        if (checkpoint.task() == null || checkpoint.location() == null || checkpoint.sha256() == null) {
            return Optional.of("checkpoint needs task, location and sha256, got " + checkpoint);
        }
        if (checkpoint.id() == null || !ID.matcher(checkpoint.id()).matches()) {
            return Optional.of("checkpoint.id must match " + ID + ", got " + quoted(checkpoint.id()));
        }
        if (checkpoint.location().length() > MAX_CHARS || checkpoint.sha256().length() > MAX_CHARS) {
            return Optional.of("checkpoint.location and checkpoint.sha256 must have at most " + MAX_CHARS
                    + " characters, got " + checkpoint.location().length() + " and "
                    + checkpoint.sha256().length());
        }
        if (announcement.parent() != null && !ID.matcher(announcement.parent()).matches()) {
            return Optional.of("parent must match " + ID + ", got " + quoted(announcement.parent()));
        }
        if (!checkpoint.task().equals(key)) {
            // Another key may lie in another partition, where another evaluator would judge the same task.
            return Optional.of(
                    "the key must be the task: expected " + quoted(checkpoint.task()) + ", got " + quoted(key));
        }
        return Optional.empty();
    }

    private static String quoted(String text) {
        return text == null ? "none" : LogSafe.quoted(text);
    }
}

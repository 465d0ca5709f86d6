package io.millrace.evaluator;

import io.millrace.evaluator.config.EvaluatedTask;
import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.kafka.Topics;
import io.millrace.schemas.text.LogSafe;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Optional;
import java.util.regex.Pattern;

/** Reads and checks the records on {@code checkpoints}. */
final class AnnouncementReader {

    /** Pattern of checkpoint ids: an id becomes the name of a directory, and one with a leading dot is hidden. */
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    /** Longest location and hash: the verdict repeats them and must fit into one Kafka record. */
    private static final int MAX_CHARS = 1024;

    private static final Logger LOG = LoggerFactory.getLogger(AnnouncementReader.class);

    private AnnouncementReader() {}

    /** The announcement; empty, with a warning in the log, if the record is malformed. */
    static Optional<CheckpointAnnouncement> read(ConsumerRecord<String, byte[]> record) {
        try {
            CheckpointAnnouncement announcement = deserialized(record);
            Optional<String> fault = fault(record.key(), announcement);
            if (fault.isEmpty()) {
                return Optional.ofNullable(announcement);
            }
            warn(record, fault.get());
        } catch (SerializationException e) {
            warn(record, String.valueOf(e.getMessage()));
        }
        return Optional.empty();
    }

    /** Whether a record announces a checkpoint of {@code task}. */
    static boolean isOf(EvaluatedTask task, ConsumerRecord<String, byte[]> record) {
        if (!task.task().name().equals(record.key())) {
            return false;
        }
        try {
            return fault(record.key(), deserialized(record)).isEmpty();
        } catch (SerializationException e) {
            return false;
        }
    }

    private static @Nullable CheckpointAnnouncement deserialized(ConsumerRecord<String, byte[]> record) {
        return Topics.CHECKPOINTS.valueSerde().deserializer().deserialize(record.topic(), record.value());
    }

    private static void warn(ConsumerRecord<String, byte[]> record, String fault) {
        LOG.warn(
                "Skipping malformed announcement at {}-{}@{}: {}.",
                record.topic(),
                record.partition(),
                record.offset(),
                fault);
    }

    private static Optional<String> fault(@Nullable String key, @Nullable CheckpointAnnouncement announcement) {
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
            // Another key may be in another partition, where another evaluator would judge the same task.
            return Optional.of(
                    "the key must be the task: expected " + quoted(checkpoint.task()) + ", got " + quoted(key));
        }
        return Optional.empty();
    }

    private static String quoted(@Nullable String text) {
        return text == null ? "none" : LogSafe.quoted(text);
    }
}

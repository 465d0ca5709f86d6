package io.millrace.app.pretrain;

import io.millrace.schemas.AcceptedExample;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.UnlabelledText;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.TopicReader;
import io.millrace.schemas.kafka.Topics;
import io.millrace.schemas.store.AtomicFile;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The texts of a task's stream, as a file of JSON lines: a pre-training reads them several times, and resumes on the same ones. */
public final class StreamTexts {

    private final String task;
    private final BufferedWriter out;
    private long texts;

    private StreamTexts(String task, BufferedWriter out) {
        this.task = task;
        this.out = out;
    }

    /**
     * Writes what {@code accepted-examples} and {@code texts} hold of a task now: both texts of a pair, each as a line. Labels are left out.
     * The file appears once it is whole.
     *
     * @return how many texts
     */
    public static long write(KafkaConnection kafka, String task, Path file) throws IOException {
        Files.createDirectories(file.getParent());
        Path temporary = AtomicFile.temporary(file);
        try {
            long texts;
            try (BufferedWriter out = Files.newBufferedWriter(temporary)) {
                StreamTexts writer = new StreamTexts(task, out);
                TopicReader.readAll(kafka, Topics.ACCEPTED_EXAMPLES, writer::addExample);
                TopicReader.readAll(kafka, Topics.TEXTS, writer::addText);
                texts = writer.texts;
            }
            if (texts == 0) {
                throw new IllegalStateException("task " + task + " has no example on "
                        + kafka.named(Topics.ACCEPTED_EXAMPLES.name()) + " and no text on "
                        + kafka.named(Topics.TEXTS.name())
                        + ". Send some, or give files with --texts.");
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
            return texts;
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private void addExample(ConsumerRecord<String, byte[]> record) {
        if (task.equals(record.key())) {
            LabelledExample example = read(record, AcceptedExample.class).example();
            add(example.id(), example.text());
            add(example.id(), example.textPair());
        }
    }

    /** Anybody may write to {@code texts}: as the trainer does, it passes over what is no text. */
    private void addText(ConsumerRecord<String, byte[]> record) {
        if (task.equals(record.key()) && record.value() != null) {
            try {
                UnlabelledText text = Json.mapper().readValue(record.value(), UnlabelledText.class);
                add(text.id(), text.text());
            } catch (IOException e) {
                return;
            }
        }
    }

    private static <T> T read(ConsumerRecord<String, byte[]> record, Class<T> type) {
        try {
            return Json.mapper().readValue(record.value(), type);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot read offset " + record.offset() + " of " + record.topic() + ", partition "
                            + record.partition() + ": " + Json.fault(e),
                    e);
        }
    }

    private void add(String id, @Nullable String text) {
        if (text == null || text.isBlank()) {
            return;
        }
        try {
            out.write(Json.write(new UnlabelledText(id, text)));
            out.newLine();
            texts++;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the texts of task " + task + ": " + e.getMessage(), e);
        }
    }
}

package io.millrace.app.pretrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.app.broker.EmbeddedBroker;
import io.millrace.schemas.AcceptedExample;
import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.Origin;
import io.millrace.schemas.UnlabelledText;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class StreamTextsIT {

    @TempDir
    private Path folder;

    @Test
    void shouldWriteTheExamplesAndTextsOfOneTask() throws Exception {
        // Given
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("broker"), 0)) {
            KafkaConnection kafka = broker.connection();
            try (Admin admin = Admin.create(kafka.clientProperties())) {
                Topics.createMissing(kafka, admin);
            }
            try (var producer =
                    new KafkaProducer<>(kafka.clientProperties(), new StringSerializer(), new StringSerializer())) {
                for (ProducerRecord<String, String> record : List.of(
                        accepted("mood", "1", "a fine film", null),
                        accepted("mood", "2", "it rains", "it is \"wet\""),
                        accepted("tone", "3", "of another task", null),
                        text("mood", Json.write(new UnlabelledText("4", "nobody has labelled this"))),
                        text("mood", "no JSON"),
                        text("tone", Json.write(new UnlabelledText("5", "of another task"))))) {
                    producer.send(record).get();
                }
            }
            Path file = folder.resolve("out/texts.jsonl");

            // When
            long texts = StreamTexts.write(kafka, "mood", file);

            // Then
            assertThat(texts).isEqualTo(4);
            assertThat(Files.readAllLines(file))
                    .containsExactly(
                            "{\"id\":\"1\",\"text\":\"a fine film\"}",
                            "{\"id\":\"2\",\"text\":\"it rains\"}",
                            "{\"id\":\"2\",\"text\":\"it is \\\"wet\\\"\"}",
                            "{\"id\":\"4\",\"text\":\"nobody has labelled this\"}");
            assertThatThrownBy(() -> StreamTexts.write(kafka, "silent", folder.resolve("out/none.jsonl")))
                    .hasMessage(
                            "task silent has no example on accepted-examples and no text on texts. Send some, or give"
                                    + " files with --texts.");
            assertThat(folder.resolve("out")).isDirectoryContaining(path -> path.equals(file));
            try (var files = Files.list(folder.resolve("out"))) {
                assertThat(files).containsExactly(file);
            }
        }
    }

    private static ProducerRecord<String, String> accepted(String task, String id, String text, @Nullable String pair) {
        LabelledExample example = new LabelledExample(id, text, pair, "good", null, null, null);
        return new ProducerRecord<>(
                "accepted-examples",
                task,
                Json.write(new AcceptedExample(example, new Origin("examples", 0, Long.parseLong(id), 0))));
    }

    private static ProducerRecord<String, String> text(String task, String value) {
        return new ProducerRecord<>("texts", task, value);
    }
}

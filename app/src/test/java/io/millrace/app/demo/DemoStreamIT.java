package io.millrace.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.app.broker.EmbeddedBroker;
import io.millrace.ingest.file.ByteLines;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.TopicReader;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

class DemoStreamIT {

    @TempDir
    private Path folder;

    @Test
    void shouldGoOnAfterTheLinesThatAreThere() throws Exception {
        // Given
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0)) {
            KafkaConnection kafka = broker.connection();
            try (Admin admin = Admin.create(kafka.clientProperties())) {
                Topics.createMissing(kafka, admin);
            }
            try (DemoStream first = DemoStream.open(kafka, 700, total -> WrongLabels.none())) {
                first.sendSome(700);
            }

            // When
            try (DemoStream second = DemoStream.open(kafka, 1000, total -> WrongLabels.none())) {
                assertThat(second.sent()).isEqualTo(700);
                second.sendSome(100);
                second.sendSome(10_000);

                // Then
                assertThat(second.atEnd()).isTrue();
                assertThat(examples(kafka)).isEqualTo(firstLines(1000));
            }
        }
    }

    private static List<String> examples(KafkaConnection kafka) {
        List<String> values = new ArrayList<>();
        TopicReader.readAll(
                kafka, Topics.EXAMPLES, example -> values.add(new String(example.value(), StandardCharsets.UTF_8)));
        return values;
    }

    private static List<String> firstLines(int count) throws IOException {
        List<String> values = new ArrayList<>();
        try (ByteLines lines = DemoFiles.stream()) {
            for (int line = 0; line < count; line++) {
                values.add(new String(lines.next(), StandardCharsets.UTF_8));
            }
        }
        return values;
    }
}

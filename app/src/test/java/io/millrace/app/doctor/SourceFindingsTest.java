package io.millrace.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.app.config.MillraceConfig;
import io.millrace.ingest.decode.StubRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class SourceFindingsTest {

    private static final String TASKS = "tasks: {intent: {labels: [a, b], training: {encoder: encoder}}}\n";

    @TempDir
    private Path folder;

    @Test
    void shouldSayNothingWithoutSources() throws Exception {
        assertThat(findings(
                        "kafka: {bootstrapServers: 127.0.0.1:9, properties: {default.api.timeout.ms: 300}}\n" + TASKS))
                .isEmpty();
    }

    @Test
    void shouldNameABrokerThatIsAwayAndARegistryThatAnswers() throws Exception {
        try (StubRegistry registry = new StubRegistry()) {
            // When
            List<Finding> findings = findings(
                    "kafka: {bootstrapServers: 127.0.0.1:9, properties: {default.api.timeout.ms: 300}}\n" + TASKS
                            + "ingest: {registry: {url: " + registry.config().url() + "}}\n"
                            + "sources: {s: {topic: t, format: avro, task: intent, fields: {text: /t, label: /l}}}\n");

            // Then
            assertThat(findings).extracting(Finding::level).containsExactly(Finding.Level.FAIL, Finding.Level.OK);
            assertThat(findings.get(0).toString()).contains("sources.s: topic t cannot be looked for");
        }
    }

    private List<Finding> findings(String yaml) throws Exception {
        Path file = Files.writeString(folder.resolve("millrace.yaml"), yaml);
        return new SourceFindings(MillraceConfig.read(file)).run();
    }
}

package io.millrace.app.doctor;

import io.millrace.app.access.AnswerLimit;
import io.millrace.app.config.MillraceConfig;
import io.millrace.ingest.SourceTopics;
import io.millrace.ingest.decode.SchemaRegistry;
import io.millrace.ingest.source.SourceConfig;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;

import java.util.ArrayList;
import java.util.List;

/** The topics of others that examples come from, and the registry of their schemas. */
final class SourceFindings {

    private final MillraceConfig config;

    SourceFindings(MillraceConfig config) {
        this.config = config;
    }

    /** Nothing if there are no sources. */
    List<Finding> run() throws InterruptedException {
        List<Finding> findings = new ArrayList<>();
        if (!config.sources().isEmpty()) {
            findings.add(topics());
        }
        if (config.sources().values().stream().anyMatch(SourceConfig::needsRegistry)) {
            findings.add(registry());
        }
        return findings;
    }

    private Finding topics() throws InterruptedException {
        try (Admin admin = Admin.create(AnswerLimit.of(config.kafka()).settings(config.kafka()))) {
            SourceTopics.check(admin, config.sources());
            return Finding.ok(
                    "sources",
                    "all topics are there: "
                            + String.join(", ", config.sources().keySet()));
        } catch (KafkaException | IllegalStateException e) {
            return Finding.fail("sources", String.valueOf(e.getMessage()));
        }
    }

    private Finding registry() {
        try (SchemaRegistry registry = SchemaRegistry.of(config.ingest().registry())) {
            registry.check();
            return Finding.ok("schema registry", config.ingest().registry().url() + " answers");
        } catch (IllegalStateException | IllegalArgumentException e) {
            return Finding.fail("schema registry", String.valueOf(e.getMessage()));
        }
    }
}

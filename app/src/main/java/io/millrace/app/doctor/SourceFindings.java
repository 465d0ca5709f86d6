package io.millrace.app.doctor;

import io.millrace.app.config.MillraceConfig;
import io.millrace.ingest.SourceTopics;
import io.millrace.ingest.decode.SchemaRegistry;
import io.millrace.ingest.source.SourceConfig;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The topics of others that examples come from, and the registry of their schemas. */
final class SourceFindings {

    private final MillraceConfig config;
    private final Duration patience;

    /** {@code patience}: how long a broker may take to answer. */
    SourceFindings(MillraceConfig config, Duration patience) {
        this.config = config;
        this.patience = patience;
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
        Map<String, Object> settings = config.kafka().clientProperties();
        settings.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) patience.toMillis());
        settings.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, (int) patience.toMillis());
        try (Admin admin = Admin.create(settings)) {
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

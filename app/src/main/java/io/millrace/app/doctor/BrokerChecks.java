package io.millrace.app.doctor;

import io.millrace.schemas.kafka.KafkaConnection;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;

/** The broker: whether it answers in time; if so, also the topics and the user's rights on them. Creates nothing. */
final class BrokerChecks {

    private final KafkaConnection kafka;
    private final Duration patience;

    /** {@code patience}: how long a broker may take to answer. */
    BrokerChecks(KafkaConnection kafka, Duration patience) {
        this.kafka = kafka;
        this.patience = patience;
    }

    List<Finding> run() throws InterruptedException {
        try (Admin admin = Admin.create(settings())) {
            List<Finding> findings = new ArrayList<>();
            findings.add(reach(admin));
            if (findings.get(0).level() == Finding.Level.OK) {
                findings.addAll(new TopicChecks(kafka, admin).run());
            }
            return findings;
        } catch (KafkaException | IllegalArgumentException e) {
            return List.of(Finding.fail("broker", "cannot make a Kafka client from the section kafka", e));
        }
    }

    private Finding reach(Admin admin) throws InterruptedException {
        try {
            int nodes = admin.describeCluster().nodes().get().size();
            return Finding.ok(
                    "broker",
                    kafka.bootstrapServers() + " answers; the cluster has " + nodes
                            + (nodes == 1 ? " node" : " nodes"));
        } catch (ExecutionException e) {
            Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
            if (cause instanceof TimeoutException) {
                return Finding.fail(
                        "broker",
                        "none has answered at " + kafka.bootstrapServers() + " within " + patience.toMillis() / 1000.0
                                + " s. Check that it runs, and kafka.bootstrapServers.");
            }
            return Finding.fail(
                    "broker",
                    kafka.bootstrapServers() + " refuses this client. "
                            + (cause instanceof AuthenticationException
                                    ? "Check user, password and certificates in kafka.properties"
                                    : "Check the section kafka"),
                    cause);
        }
    }

    private Map<String, Object> settings() {
        Map<String, Object> settings = kafka.clientProperties();
        settings.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) patience.toMillis());
        settings.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, (int) patience.toMillis());
        return settings;
    }
}

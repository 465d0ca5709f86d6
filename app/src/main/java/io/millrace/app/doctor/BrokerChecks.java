package io.millrace.app.doctor;

import io.millrace.app.access.AnswerLimit;
import io.millrace.schemas.kafka.KafkaConnection;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;

/** The broker: whether it answers in time; if so, also the topics and the user's rights on them. Creates nothing. */
final class BrokerChecks {

    private final KafkaConnection kafka;
    private final AnswerLimit limit;

    BrokerChecks(KafkaConnection kafka) {
        this.kafka = kafka;
        this.limit = AnswerLimit.of(kafka);
    }

    List<Finding> run() throws InterruptedException {
        try (Admin admin = Admin.create(limit.settings(kafka))) {
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
                return Finding.fail("broker", limit.missed(kafka) + ", and kafka.bootstrapServers.");
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
}

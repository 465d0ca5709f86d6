package io.millrace.app.doctor;

import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.Topic;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.clients.admin.Admin;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/** The topics of this installation: whether they are there, how they are configured, and what the user may do on them. */
final class TopicChecks {

    private final KafkaConnection kafka;
    private final Admin admin;

    TopicChecks(KafkaConnection kafka, Admin admin) {
        this.kafka = kafka;
        this.admin = admin;
    }

    List<Finding> run() throws InterruptedException {
        List<Finding> findings = new ArrayList<>();
        try {
            Set<String> present = admin.listTopics().names().get();
            List<String> missing = new ArrayList<>();
            List<Topic<?>> found = new ArrayList<>();
            for (Topic<?> topic : Topics.ALL) {
                String name = kafka.named(topic.name());
                if (present.contains(name)) {
                    found.add(topic);
                } else {
                    missing.add(name);
                }
            }
            findings.add(presence(found.size(), missing));
            if (!found.isEmpty()) {
                findings.addAll(configuration(found));
                findings.add(new RightsCheck(kafka, admin).of(found));
            }
        } catch (ExecutionException e) {
            findings.add(Finding.fail(
                    "topics", "the broker does not tell about them", Objects.requireNonNullElse(e.getCause(), e)));
        }
        return findings;
    }

    private static Finding presence(int found, List<String> missing) {
        if (missing.isEmpty()) {
            return Finding.ok("topics", "all " + found + " are there");
        }
        return Finding.warn(
                "topics",
                "missing, or hidden from this user, who then needs DESCRIBE on them: " + String.join(", ", missing)
                        + ". Start ingest first, which creates them, or create them as docs/operations.md says.");
    }

    private List<Finding> configuration(List<Topic<?>> found) throws InterruptedException {
        try {
            List<String> notes = Topics.check(kafka, admin, found);
            return notes.isEmpty()
                    ? List.of(Finding.ok("topic configuration", "as Millrace needs it"))
                    : notes.stream()
                            .map(note -> Finding.warn("topic configuration", note))
                            .toList();
        } catch (IllegalStateException e) {
            return List.of(Finding.fail("topic configuration", Finding.reasons(e)));
        }
    }
}

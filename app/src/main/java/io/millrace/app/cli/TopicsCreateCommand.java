package io.millrace.app.cli;

import io.millrace.app.topics.TopicReport;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code millrace topics create}. */
@Command(
        name = "create",
        description = {
            "Create the topics that are missing, and check the others.",
            "The services do so too when they start, if their user may create topics."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the services can run on the topics",
            "1:a topic would lose what must be kept",
            "2:wrong usage"
        })
public final class TopicsCreateCommand implements Callable<Integer>, BrokerCommand {

    @Mixin
    private BrokerOptions broker;

    @Mixin
    private final JsonOption json = JsonOption.one(Created.class);

    /**
     * The answer.
     *
     * @param created the names on the broker of those that this command has created
     * @param state all topics, after that
     */
    record Created(List<String> created, TopicReport.Answer state) {}

    @Override
    public Optional<KafkaConnection> kafka() {
        return broker.kafka();
    }

    @Override
    public Integer call() throws Exception {
        KafkaConnection kafka = broker.reach();
        try (Admin admin = BrokerOptions.admin(kafka)) {
            List<String> created = Topics.createMissing(kafka, admin);
            TopicReport report = TopicReport.ofAll(kafka, admin);
            List<String> lines = new ArrayList<>();
            if (created.isEmpty()) {
                lines.add("nothing to create");
            } else {
                lines.add("created " + String.join(", ", created));
            }
            lines.addAll(report.lines());
            json.print(new Created(created, report.answer()), lines);
            return report.usable() ? 0 : 1;
        }
    }
}

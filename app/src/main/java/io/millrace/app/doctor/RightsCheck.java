package io.millrace.app.doctor;

import io.millrace.app.access.AccessRight;
import io.millrace.app.access.AccessRights;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.Topic;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/**
 * The commands that this user's rights on the topics are enough for. A broker without an authorizer allows everything. Rights on groups and
 * transactional ids cannot be asked for without using them.
 */
final class RightsCheck {

    private static final String NOT_CHECKED = "rights on groups and transactional ids are not checked";
    private static final Set<String> SERVICES = Set.of("ingest", "trainer", "evaluator");

    private final KafkaConnection kafka;
    private final Admin admin;

    RightsCheck(KafkaConnection kafka, Admin admin) {
        this.kafka = kafka;
        this.admin = admin;
    }

    Finding of(List<Topic<?>> topics) throws InterruptedException, ExecutionException {
        List<String> names =
                topics.stream().map(topic -> kafka.named(topic.name())).toList();
        Map<String, TopicDescription> described = admin.describeTopics(
                        names, new DescribeTopicsOptions().includeAuthorizedOperations(true))
                .allTopicNames()
                .get();
        Map<String, Set<AclOperation>> allowed = new HashMap<>();
        described.forEach((name, description) -> allowed.put(name, description.authorizedOperations()));
        return judge(AccessRights.byCommand(kafka), allowed);
    }

    /**
     * The finding.
     *
     * @param rights what each command needs
     * @param allowed the operations that the user may use, by topic; topics that are not there are not judged
     */
    static Finding judge(Map<String, List<AccessRight>> rights, Map<String, Set<AclOperation>> allowed) {
        List<String> enough = new ArrayList<>();
        List<String> lacking = new ArrayList<>();
        rights.forEach((command, needed) -> {
            boolean granted = needed.stream()
                    .filter(right -> isOneTopic(right)
                            && allowed.containsKey(right.resource().name()))
                    .allMatch(right -> allowed.getOrDefault(right.resource().name(), Set.of())
                            .containsAll(right.operations()));
            (granted ? enough : lacking).add(command);
        });
        if (lacking.isEmpty()) {
            return Finding.ok("rights", "on the topics enough for every command; " + NOT_CHECKED);
        }
        String found = "on the topics not enough for " + String.join(", ", lacking)
                + (enough.isEmpty() ? "" : "; enough for " + String.join(", ", enough)) + "; " + NOT_CHECKED;
        return enough.stream().anyMatch(SERVICES::contains)
                ? Finding.ok("rights", found)
                : Finding.warn(
                        "rights",
                        found
                                + ". No service can run as this user: check with a service's user, or give it the rights of"
                                + " docs/security.md.");
    }

    private static boolean isOneTopic(AccessRight right) {
        return right.resource().resourceType() == ResourceType.TOPIC
                && right.resource().patternType() == PatternType.LITERAL;
    }
}

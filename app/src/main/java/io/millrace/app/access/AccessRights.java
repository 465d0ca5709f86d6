package io.millrace.app.access;

import static org.apache.kafka.common.acl.AclOperation.ALTER;
import static org.apache.kafka.common.acl.AclOperation.CREATE;
import static org.apache.kafka.common.acl.AclOperation.DELETE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE;
import static org.apache.kafka.common.acl.AclOperation.DESCRIBE_CONFIGS;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.acl.AclOperation.WRITE;

import io.millrace.ingest.IngestService;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.Topic;
import io.millrace.schemas.kafka.Topics;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The rights that each command needs on a broker with an authorizer: exactly those. docs/security.md has them as a table.
 *
 * <p>Every command but those of {@code rejected} checks that the topics exist, so it needs {@code DESCRIBE} on all of them; a service and
 * {@code doctor} also read their configuration. Ingest creates those that are
 * missing, because it needs topics of its own as well.
 */
public final class AccessRights {

    private static final String TRAINER = "millrace-trainer";
    private static final String EVALUATOR = "millrace-evaluator";

    private final KafkaConnection kafka;

    private AccessRights(KafkaConnection kafka) {
        this.kafka = kafka;
    }

    /** By command, in the order of the stream; all names have the prefix of this connection. */
    public static Map<String, List<AccessRight>> byCommand(KafkaConnection kafka) {
        AccessRights of = new AccessRights(kafka);
        Map<String, List<AccessRight>> rights = new LinkedHashMap<>();
        rights.put("ingest", of.ingest());
        rights.put("trainer", of.trainer());
        rights.put("evaluator", of.evaluator());
        rights.put("produce", of.topics(Map.of(Topics.EXAMPLES, Set.of(WRITE), Topics.TEXTS, Set.of(WRITE))));
        rights.put("probes load", of.probesLoad());
        rights.put("models", of.models());
        rights.put("doctor", of.serviceTopics(Map.of()));
        rights.put("rejected list", List.of(AccessRight.topic(kafka.topic(Topics.REJECTED_EXAMPLES), READ)));
        rights.put(
                "rejected replay",
                List.of(
                        AccessRight.topic(kafka.topic(Topics.EXAMPLES), READ, WRITE),
                        AccessRight.topic(kafka.topic(Topics.REJECTED_EXAMPLES), READ),
                        of.transactions("millrace-replay-")));
        return Collections.unmodifiableMap(rights);
    }

    private List<AccessRight> ingest() {
        String own = kafka.named(IngestService.APPLICATION_ID) + "-";
        Map<Topic<?>, Set<AclOperation>> used = Map.of(
                Topics.EXAMPLES, Set.of(READ),
                Topics.PROBES, Set.of(READ),
                Topics.ACCEPTED_EXAMPLES, Set.of(WRITE),
                Topics.REJECTED_EXAMPLES, Set.of(WRITE));
        List<AccessRight> rights = new ArrayList<>();
        for (Topic<?> topic : Topics.ALL) {
            Set<AclOperation> operations = EnumSet.of(CREATE, DESCRIBE_CONFIGS);
            operations.addAll(used.getOrDefault(topic, Set.of(DESCRIBE)));
            rights.add(AccessRight.topic(kafka.topic(topic), operations.toArray(AclOperation[]::new)));
        }
        // What has gone to its task is deleted from the topic between; the memory gets partitions if examples does.
        rights.add(AccessRight.of(
                ResourceType.TOPIC, own, PatternType.PREFIXED, CREATE, READ, WRITE, DELETE, ALTER, DESCRIBE_CONFIGS));
        rights.add(group(IngestService.APPLICATION_ID));
        rights.add(AccessRight.transactions(own));
        return List.copyOf(rights);
    }

    private List<AccessRight> trainer() {
        return serviceTopics(
                Map.of(
                        Topics.TEXTS, Set.of(READ),
                        Topics.ACCEPTED_EXAMPLES, Set.of(READ),
                        // DESCRIBE_CONFIGS for the largest record that it takes.
                        Topics.REJECTED_EXAMPLES, Set.of(WRITE, DESCRIBE_CONFIGS),
                        Topics.CHECKPOINTS, Set.of(READ, WRITE),
                        Topics.DRIFT, Set.of(WRITE),
                        // For the last promoted checkpoint, when a loss explodes.
                        Topics.MODEL_UPDATES, Set.of(READ)),
                group(TRAINER),
                transactions(TRAINER + "-"),
                // For how far it is: what it has not judged is not deleted.
                AccessRight.of(ResourceType.GROUP, kafka.named(EVALUATOR), PatternType.LITERAL, DESCRIBE));
    }

    private List<AccessRight> evaluator() {
        return serviceTopics(
                Map.of(
                        Topics.PROBES, Set.of(READ),
                        Topics.CHECKPOINTS, Set.of(READ),
                        Topics.EVALUATIONS, Set.of(READ, WRITE),
                        Topics.DRIFT, Set.of(WRITE),
                        Topics.MODEL_UPDATES, Set.of(READ, WRITE),
                        Topics.MODEL_REQUESTS, Set.of(READ),
                        Topics.REQUEST_OUTCOMES, Set.of(READ, WRITE),
                        Topics.TASK_HISTORIES, Set.of(READ, WRITE)),
                group(EVALUATOR),
                transactions(EVALUATOR + "-"));
    }

    private List<AccessRight> probesLoad() {
        return topics(Map.of(Topics.PROBES, Set.of(READ, WRITE)), transactions("millrace-probes-"));
    }

    /** Whoever may write requests decides which model others serve. */
    private List<AccessRight> models() {
        return topics(Map.of(
                Topics.MODEL_UPDATES, Set.of(READ),
                Topics.MODEL_REQUESTS, Set.of(WRITE),
                Topics.REQUEST_OUTCOMES, Set.of(READ)));
    }

    /** Those of a service, which reads the configuration of every topic. */
    private List<AccessRight> serviceTopics(Map<Topic<?>, Set<AclOperation>> used, AccessRight... others) {
        Map<Topic<?>, Set<AclOperation>> all = new HashMap<>();
        for (Topic<?> topic : Topics.ALL) {
            Set<AclOperation> operations = EnumSet.of(DESCRIBE_CONFIGS);
            operations.addAll(used.getOrDefault(topic, Set.of(DESCRIBE)));
            all.put(topic, operations);
        }
        return topics(all, others);
    }

    private List<AccessRight> topics(Map<Topic<?>, Set<AclOperation>> used, AccessRight... others) {
        List<AccessRight> rights = new ArrayList<>();
        for (Topic<?> topic : Topics.ALL) {
            Set<AclOperation> operations = used.getOrDefault(topic, Set.of(DESCRIBE));
            rights.add(AccessRight.topic(kafka.topic(topic), operations.toArray(AclOperation[]::new)));
        }
        rights.addAll(List.of(others));
        return List.copyOf(rights);
    }

    private AccessRight group(String id) {
        return AccessRight.group(kafka.named(id));
    }

    private AccessRight transactions(String id) {
        return AccessRight.transactions(kafka.named(id));
    }
}

package io.millrace.app.access;

import io.millrace.schemas.kafka.Topic;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A right of a user on a resource of the broker.
 *
 * @param resource one topic or group, or all topics or transactional ids that share a prefix
 * @param operations the allowed operations; {@code READ} and {@code WRITE} contain {@code DESCRIBE}
 */
public record AccessRight(ResourcePattern resource, Set<AclOperation> operations) {

    public AccessRight {
        operations = Collections.unmodifiableSet(EnumSet.copyOf(operations));
    }

    static AccessRight topic(Topic<?> topic, AclOperation... operations) {
        return of(ResourceType.TOPIC, topic.name(), PatternType.LITERAL, operations);
    }

    /** Membership of a consumer group, and its offsets. */
    static AccessRight group(String id) {
        return of(ResourceType.GROUP, id, PatternType.LITERAL, AclOperation.READ);
    }

    /** Transactions under any id that begins with {@code prefix}. */
    static AccessRight transactions(String prefix) {
        return of(ResourceType.TRANSACTIONAL_ID, prefix, PatternType.PREFIXED, AclOperation.WRITE);
    }

    static AccessRight of(ResourceType type, String name, PatternType pattern, AclOperation... operations) {
        return new AccessRight(new ResourcePattern(type, name, pattern), EnumSet.copyOf(Arrays.asList(operations)));
    }

    /** Whether it is about the resource of this type and name. */
    public boolean covers(ResourceType type, String name) {
        return resource.resourceType() == type
                && (resource.patternType() == PatternType.PREFIXED
                        ? name.startsWith(resource.name())
                        : name.equals(resource.name()));
    }

    /** The operations, as {@code READ, WRITE}. */
    public String operationNames() {
        return operations.stream().map(AclOperation::name).collect(Collectors.joining(", "));
    }

    /** The resource, as {@code topic checkpoints} or {@code every transactional id millrace-trainer-*}. */
    public String resourceName() {
        String type = resource.resourceType().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return resource.patternType() == PatternType.PREFIXED
                ? "every " + type + " " + resource.name() + "*"
                : type + " " + resource.name();
    }
}

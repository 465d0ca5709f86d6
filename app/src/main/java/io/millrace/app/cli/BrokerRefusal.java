package io.millrace.app.cli;

import io.millrace.app.access.AccessRight;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.resource.ResourceType;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Advice for a request that the broker denied: Kafka says that a right is missing, but not always which one. */
final class BrokerRefusal {

    private BrokerRefusal() {}

    /**
     * The advice, if {@code failure} is a refusal.
     *
     * @param command the command that failed, as {@code probes load}
     * @param rights the rights that the command needs
     */
    static Optional<String> advice(Throwable failure, String command, List<AccessRight> rights) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SslAuthenticationException) {
                return Optional.of("The broker's certificate must be trusted and name its host."
                        + " Check ssl.truststore in kafka.properties.");
            }
            if (cause instanceof AuthenticationException) {
                return Optional.of("Check the user and the password in kafka.properties.");
            }
            if (cause instanceof AuthorizationException refused) {
                return Optional.of(missing(refused, command, rights));
            }
        }
        return Optional.empty();
    }

    private static String missing(AuthorizationException refused, String command, List<AccessRight> rights) {
        String needed = rights.stream()
                .filter(right -> isConcerned(right, refused))
                .map(right -> right.operationNames() + " on " + right.resourceName())
                .collect(Collectors.joining("; "));
        return needed.isEmpty()
                ? "docs/security.md lists the rights that every command needs."
                : "The user of " + command + " needs " + needed + "; docs/security.md lists all its rights.";
    }

    /** Whether {@code right} may be the one that is missing. */
    private static boolean isConcerned(AccessRight right, AuthorizationException refused) {
        ResourceType type = right.resource().resourceType();
        if (refused instanceof TopicAuthorizationException topics) {
            return topics.unauthorizedTopics().stream().anyMatch(topic -> right.covers(ResourceType.TOPIC, topic));
        }
        if (refused instanceof ClusterAuthorizationException) {
            // A producer without any right to write gets this; no command needs a right on the cluster.
            return type == ResourceType.TOPIC && right.operations().contains(AclOperation.WRITE);
        }
        if (refused instanceof GroupAuthorizationException group && group.groupId() != null) {
            return right.covers(ResourceType.GROUP, group.groupId());
        }
        return refused instanceof GroupAuthorizationException
                ? type == ResourceType.GROUP
                : refused instanceof TransactionalIdAuthorizationException && type == ResourceType.TRANSACTIONAL_ID;
    }
}

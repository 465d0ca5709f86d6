package io.millrace.app.broker;

import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.metadata.authorizer.StandardAuthorizer;
import org.apache.kafka.server.authorizer.Action;
import org.apache.kafka.server.authorizer.AuthorizableRequestContext;
import org.apache.kafka.server.authorizer.AuthorizationResult;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The authorizer that clusters have, which also remembers what it granted. */
public final class RecordingAuthorizer extends StandardAuthorizer {

    static final String RECORD = "millrace.test.granted";

    private Granted granted;

    /** What was granted, by broker and controller. */
    static final class Granted {

        private final Set<Grant> grants = ConcurrentHashMap.newKeySet();

        Set<Grant> grants() {
            return Set.copyOf(grants);
        }
    }

    /**
     * One thing that was granted.
     *
     * @param user who asked, as {@code User:millrace-trainer}
     * @param type type of the resource
     * @param name name of the resource
     * @param operation what he wanted to do
     */
    public record Grant(String user, ResourceType type, String name, AclOperation operation) {}

    @Override
    public void configure(Map<String, ?> configs) {
        super.configure(configs);
        granted = (Granted) configs.get(RECORD);
    }

    @Override
    public List<AuthorizationResult> authorize(AuthorizableRequestContext request, List<Action> actions) {
        List<AuthorizationResult> results = super.authorize(request, actions);
        for (int i = 0; i < actions.size(); i++) {
            Action action = actions.get(i);
            // Otherwise it was asked in passing, and the right was not needed.
            if (results.get(i) == AuthorizationResult.ALLOWED && action.logIfAllowed()) {
                granted.grants.add(new Grant(
                        request.principal().toString(),
                        action.resourcePattern().resourceType(),
                        action.resourcePattern().name(),
                        action.operation()));
            }
        }
        return results;
    }
}

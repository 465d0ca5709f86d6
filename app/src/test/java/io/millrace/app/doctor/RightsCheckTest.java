package io.millrace.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.app.access.AccessRight;
import io.millrace.app.access.AccessRights;
import io.millrace.schemas.kafka.KafkaConnection;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

class RightsCheckTest {

    private static final Map<String, List<AccessRight>> RIGHTS =
            AccessRights.byCommand(new KafkaConnection("localhost:9092", Map.of()));

    @Test
    void shouldFindEverythingAllowedWithoutAnAuthorizer() {
        // Given
        Map<String, Set<AclOperation>> allowed = rightsOf("ingest");
        allowed.replaceAll((topic, operations) -> EnumSet.allOf(AclOperation.class));

        // When
        Finding finding = RightsCheck.judge(RIGHTS, allowed);

        // Then
        assertThat(finding.line()).startsWith("ok    rights: on the topics enough for every command");
    }

    @Test
    void shouldNameTheCommandsThatAUserMayRun() {
        // When
        Finding finding = RightsCheck.judge(RIGHTS, rightsOf("trainer"));

        // Then
        assertThat(finding.line())
                .startsWith("ok    rights: on the topics not enough for ingest, evaluator, produce, ")
                .contains("; enough for trainer, doctor; ");
    }

    @Test
    void shouldWarnIfNoServiceCanRun() {
        // When
        Finding finding = RightsCheck.judge(RIGHTS, rightsOf("doctor"));

        // Then
        assertThat(finding.line())
                .startsWith("warn  rights: on the topics not enough for ingest, trainer, evaluator, ")
                .contains("; enough for doctor; ", "No service can run as this user");
    }

    /** As a broker answers: operations that others contain are among them. */
    private static Map<String, Set<AclOperation>> rightsOf(String command) {
        Map<String, Set<AclOperation>> allowed = new HashMap<>();
        for (AccessRight right : RIGHTS.get(command)) {
            if (right.resource().resourceType() == ResourceType.TOPIC) {
                Set<AclOperation> operations = EnumSet.of(AclOperation.DESCRIBE);
                operations.addAll(right.operations());
                allowed.put(right.resource().name(), operations);
            }
        }
        return allowed;
    }
}

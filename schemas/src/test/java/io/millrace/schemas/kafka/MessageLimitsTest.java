package io.millrace.schemas.kafka;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class MessageLimitsTest {

    @Test
    void shouldRefuseATopicThatTakesAlmostNothing() {
        // When / Then
        MessageLimits.requireEnough("rejected-examples", 16_384);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MessageLimits.requireEnough("rejected-examples", 1000))
                .withMessage("max.message.bytes of topic rejected-examples must be at least 16384, got 1000."
                        + " Raise it with kafka-configs.sh.");
    }
}

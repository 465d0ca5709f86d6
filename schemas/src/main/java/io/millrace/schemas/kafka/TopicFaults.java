package io.millrace.schemas.kafka;

import java.util.List;

/**
 * What is wrong with the configuration of topics.
 *
 * @param faults the faults, the severe ones first
 * @param hidden topics whose configuration this user may not see
 */
public record TopicFaults(List<TopicFault> faults, List<String> hidden) {

    public TopicFaults {
        faults = List.copyOf(faults);
        hidden = List.copyOf(hidden);
    }

    /** Whether indispensable records would be lost, so that no service may start. */
    public boolean severe() {
        return faults.stream().anyMatch(TopicFault::severe);
    }
}

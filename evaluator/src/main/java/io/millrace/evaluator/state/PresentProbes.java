package io.millrace.evaluator.state;

import io.millrace.schemas.ProbeExample;
import io.millrace.schemas.Task;
import io.millrace.schemas.kafka.KafkaConnection;
import io.millrace.schemas.kafka.TopicReader;
import io.millrace.schemas.kafka.Topics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;
import java.util.Map;

/** The probe sets that a task has now, for commands. */
public final class PresentProbes {

    private static final Logger LOG = LoggerFactory.getLogger(PresentProbes.class);

    private PresentProbes() {}

    /** Reads {@code probes} to its end: the sets that an evaluator scores, in the order of their names. */
    public static List<ProbeSet> of(KafkaConnection kafka, Task task) {
        ProbeSets sets = new ProbeSets(Map.of(task.name(), task));
        TopicReader.readAll(kafka, Topics.PROBES, record -> sets.apply(record)
                .ifPresent(fault -> LOG.warn(
                        "Probe record at {}-{}@{} is malformed: {}.",
                        record.topic(),
                        record.partition(),
                        record.offset(),
                        fault)));
        List<ProbeSet> all = sets.of(task.name());
        return all.subList(0, Math.min(all.size(), ProbeExample.MAX_SETS));
    }
}

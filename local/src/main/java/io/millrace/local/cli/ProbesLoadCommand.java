package io.millrace.local.cli;

import io.millrace.local.produce.ByteLines;
import io.millrace.local.produce.ProbeFile;
import io.millrace.local.produce.ProbeTopic;
import io.millrace.schemas.Distribution;
import io.millrace.schemas.Json;
import io.millrace.schemas.ProbeExample;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code millrace probes load}. */
@Command(
        name = "load",
        description = {
            "Make a probe set be exactly what FILE says.",
            "Examples that are no longer in FILE are removed; loading the same FILE again changes nothing."
        })
public final class ProbesLoadCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private BrokerOptions broker;

    @Parameters(paramLabel = "FILE", description = "Labelled examples as JSON lines, gzipped or not.")
    private Path file;

    @Option(names = "--task", paramLabel = "TASK", required = true, description = "The task that the set probes.")
    private String task;

    @Option(names = "--set", paramLabel = "NAME", required = true, description = "Name of the probe set.")
    private String probeSet;

    @Option(
            names = "--distribution",
            paramLabel = "in|out",
            required = true,
            converter = WireNames.class,
            description = "Whether the set lies in or out of the distribution of the training stream.")
    private Distribution distribution;

    @Override
    public Integer call() throws Exception {
        ProbeFile reader = new ProbeFile(task, probeSet, distribution);
        List<ProbeExample> examples;
        try (ByteLines lines = ByteLines.of(file)) {
            examples = reader.read(lines);
        }
        ProbeTopic.Replacement done = ProbeTopic.replace(broker.connect(), reader, examples);
        spec.commandLine()
                .getOut()
                .printf(
                        "probe set %s of task %s has %,d examples: %,d written, %,d removed, %,d unchanged%n",
                        probeSet, task, examples.size(), done.written(), done.removed(), done.unchanged());
        return 0;
    }

    /** {@code in} and {@code out}, as on the wire. */
    static final class WireNames implements ITypeConverter<Distribution> {

        @Override
        public Distribution convert(String value) {
            try {
                return Json.mapper().convertValue(value, Distribution.class);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException("must be in or out, got \"" + value + "\"");
            }
        }
    }
}

package io.millrace.app.cli;

import io.millrace.app.checkpoints.CheckpointListing;
import io.millrace.app.config.DataDirectory;
import io.millrace.app.config.MillraceConfig;
import io.millrace.app.console.Table;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code millrace checkpoints list}. */
@Command(name = "list", description = "List the checkpoints of a store.")
public final class CheckpointsListCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @ArgGroup(multiplicity = "1")
    private Where where;

    @Option(names = "--task", paramLabel = "TASK", description = "Only the checkpoints of this task.")
    private String task;

    /** Exactly one of them. */
    private static final class Where {

        @Option(names = "--store", paramLabel = "DIR", required = true, description = "The store.")
        private Path store;

        @Option(
                names = "--config",
                paramLabel = "FILE",
                required = true,
                description = "Take the store from this configuration file.")
        private Path config;

        @Option(
                names = "--data",
                paramLabel = "DIR",
                required = true,
                description = "The store in this data directory of demo or local.")
        private Path data;
    }

    @Override
    public Integer call() throws Exception {
        // Read once: a configuration may come from a pipe.
        Path store = store();
        Table table = CheckpointListing.of(store, Optional.ofNullable(task));
        PrintWriter out = spec.commandLine().getOut();
        if (table.rows().isEmpty()) {
            out.println("no checkpoints in " + store);
        } else {
            table.lines().forEach(out::println);
        }
        return 0;
    }

    private Path store() {
        if (where.store != null) {
            return where.store;
        }
        return where.config != null ? MillraceConfig.read(where.config).store() : new DataDirectory(where.data).store();
    }
}

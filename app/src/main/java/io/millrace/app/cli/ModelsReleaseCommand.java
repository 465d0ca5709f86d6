package io.millrace.app.cli;

import io.millrace.schemas.ModelRequest.Action;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** {@code millrace models release}. */
@Command(
        name = "release",
        description = {"End a hold. The next checkpoint that passes the gate is promoted."})
public final class ModelsReleaseCommand extends ModelsRequestCommand {

    @Override
    Action action() {
        return Action.RELEASE;
    }

    @Override
    @Nullable
    String checkpoint() {
        return null;
    }
}

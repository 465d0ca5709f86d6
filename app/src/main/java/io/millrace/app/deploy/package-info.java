/** What the build of the container image runs. */
@NullMarked
package io.millrace.app.deploy;

import org.jspecify.annotations.NullMarked;

/** Starts and stops the services, one of them or all in one process. */
@NullMarked
package io.millrace.app.service;

import org.jspecify.annotations.NullMarked;

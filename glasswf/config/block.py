"""What all blocks of a configuration share."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Temperature = Annotated[float, Field(gt=0, le=20000)]
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.+-]{0,40}$")]


class Block(BaseModel):
    """A block: no unknown keys, not to be changed once read."""

    model_config = ConfigDict(extra="forbid", frozen=True)

"""Vehicles one meets at a dealership: positions 1-8 of their VINs, plant, years, price when new."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class VehicleLine:
    """`pattern` are positions 1-8 of the VIN; `last` is None while it is built; price in US dollars."""

    make: str
    model: str
    body: str
    pattern: str
    plant: str
    first: int
    last: int | None
    price: int
    trims: tuple[str, ...]

    @property
    def fuel(self) -> str:
        return "electric" if self.make == "Tesla" else "gasoline"


_TABLE = """
Honda      | Accord          | sedan | 1HGCV1F3 | A | 2018 | 2022 | 26500 | LX,Sport,EX-L,Touring
Honda      | Civic           | sedan | 2HGFC2F6 | H | 2016 | 2021 | 21500 | LX,Sport,EX,Touring
Honda      | Civic           | sedan | 2HGFE2F5 | H | 2022 | -    | 24500 | LX,Sport,EX,Touring
Honda      | CR-V            | suv   | 5J6RW2H8 | L | 2017 | 2022 | 29500 | LX,EX,EX-L,Touring
Honda      | Pilot           | suv   | 5FNYF6H5 | B | 2016 | 2022 | 38500 | EX,EX-L,Touring,Elite
Honda      | Odyssey         | van   | 5FNRL6H7 | B | 2018 | -    | 38000 | EX,EX-L,Touring
Toyota     | Camry           | sedan | 4T1B11HK | U | 2018 | 2019 | 25000 | L,LE,SE,XLE
Toyota     | Camry           | sedan | 4T1G11AK | U | 2020 | 2024 | 27000 | LE,SE,XLE,XSE
Toyota     | Corolla         | sedan | 5YFEPMAE | P | 2020 | -    | 22500 | L,LE,SE,XLE
Toyota     | RAV4            | suv   | 2T3P1RFV | C | 2019 | 2025 | 30500 | LE,XLE,Adventure,Limited
Toyota     | Highlander      | suv   | 5TDGZRBH | S | 2020 | -    | 40500 | L,LE,XLE,Limited
Toyota     | Tacoma          | truck | 3TMCZ5AN | M | 2016 | 2023 | 36000 | SR5,TRD Sport,TRD Off-Road,Limited
Toyota     | Tundra          | truck | 5TFLA5DB | X | 2022 | -    | 52000 | SR5,Limited,Platinum
Ford       | F-150           | truck | 1FTEW1EP | F | 2018 | -    | 46500 | XL,XLT,Lariat,Platinum
Ford       | Escape          | suv   | 1FMCU0G6 | U | 2020 | -    | 29000 | S,SE,SEL,Titanium
Ford       | Explorer        | suv   | 1FMSK8DH | G | 2020 | -    | 39500 | Base,XLT,Limited,ST
Ford       | Mustang         | coupe | 1FA6P8TH | 5 | 2018 | -    | 32000 | EcoBoost,EcoBoost Premium
Chevrolet  | Silverado 1500  | truck | 1GCUYDED | Z | 2019 | 2024 | 45500 | WT,LT,RST,LTZ
Chevrolet  | Equinox         | suv   | 2GNAXUEV | 6 | 2018 | 2024 | 28500 | L,LS,LT,Premier
Chevrolet  | Malibu          | sedan | 1G1ZD5ST | F | 2018 | 2024 | 25500 | LS,RS,LT,Premier
Chevrolet  | Tahoe           | suv   | 1GNSKNKD | R | 2021 | -    | 59000 | LS,LT,RST,Premier
Nissan     | Rogue           | suv   | 5N1AT2MV | C | 2017 | 2020 | 27000 | S,SV,SL
Nissan     | Rogue           | suv   | 5N1AT3BB | C | 2021 | -    | 30000 | S,SV,SL,Platinum
Nissan     | Altima          | sedan | 1N4BL4BV | C | 2019 | -    | 27000 | S,SV,SR,SL
Hyundai    | Elantra         | sedan | 5NPD84LF | H | 2017 | 2020 | 20500 | SE,SEL,Limited
Hyundai    | Tucson          | suv   | KM8J3CA4 | U | 2016 | 2021 | 26500 | SE,SEL,Limited
Kia        | Sorento         | suv   | 5XYPG4A3 | G | 2016 | 2020 | 28500 | L,LX,EX,SX
Subaru     | Outback         | wagon | 4S4BTANC | 3 | 2020 | -    | 31500 | Base,Premium,Limited,Touring
Jeep       | Grand Cherokee  | suv   | 1C4RJFBG | C | 2014 | 2021 | 41000 | Laredo,Limited,Overland
Jeep       | Wrangler        | suv   | 1C4HJXDG | W | 2018 | -    | 41500 | Sport,Sahara,Rubicon
Ram        | 1500            | truck | 1C6SRFFT | N | 2019 | -    | 47500 | Tradesman,Big Horn,Laramie
Mazda      | CX-5            | suv   | JM3KFBCM | 0 | 2017 | -    | 30000 | Sport,Touring,Grand Touring
Lexus      | RX 350          | suv   | 2T2HZMDA | C | 2020 | 2022 | 48000 | Base,Premium,F Sport
BMW        | X3              | suv   | 5UXTY5C0 | 9 | 2019 | 2024 | 46500 | sDrive30i,xDrive30i
Volkswagen | Tiguan          | suv   | 3VV2B7AX | M | 2018 | -    | 29500 | S,SE,SEL
Tesla      | Model 3         | sedan | 5YJ3E1EA | F | 2018 | -    | 42000 | Standard Range,Long Range
"""

COLOURS = ("white", "black", "grey", "silver", "blue", "red", "green", "beige")
COLOUR_WEIGHTS = (26, 22, 18, 12, 10, 8, 3, 1)


def _line(row: str) -> VehicleLine:
    make, model, body, pattern, plant, *years, price, trims = (cell.strip() for cell in row.split("|"))
    first, last = int(years[0]), None if years[1] == "-" else int(years[1])
    return VehicleLine(
        make, model, body, pattern, plant, first, last, price=int(price), trims=tuple(trims.split(","))
    )


LINES: tuple[VehicleLine, ...] = tuple(_line(row) for row in _TABLE.strip().splitlines())
